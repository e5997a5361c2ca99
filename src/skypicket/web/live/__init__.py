"""The live picture to browsers and programs: binary frames, JSON messages, one hub per picture."""
