"""What operators do, and what they decide by: actions, open objects, places ahead, replay."""
