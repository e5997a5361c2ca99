import { expect, it } from "vitest";
import { placeLabel, Room } from "./declutter";

const SIZE = { width: 80, height: 30 };

function empty(): Room {
  const room = new Room();
  room.clear(400, 300);
  return room;
}

it("a label stands to the right where there is room", () => {
  const box = placeLabel(empty(), 200, 150, SIZE, false);
  expect(box).toEqual({ left: 214, top: 135 });
});

it("labels never lie on each other: they go round the symbol, and then nowhere", () => {
  const room = empty();
  const boxes = Array.from({ length: 6 }, () => placeLabel(room, 200, 150, SIZE, false));
  const placed = boxes.filter((box) => box !== null);
  expect(placed.length).toBeGreaterThanOrEqual(3);
  expect(boxes.at(-1)).toBeNull();
  for (const a of placed) {
    for (const b of placed) {
      if (a === b) continue;
      const apart =
        a.left + SIZE.width <= b.left || b.left + SIZE.width <= a.left ||
        a.top + SIZE.height <= b.top || b.top + SIZE.height <= a.top;
      expect(apart).toBe(true);
    }
  }
});

it("a label does not leave the map", () => {
  const box = placeLabel(empty(), 390, 150, SIZE, false);
  expect(box?.left).toBe(390 - 14 - SIZE.width);
});

it("what an alarm names has its label even where none fits, and on the map", () => {
  const room = empty();
  room.take(0, 0, 400, 300);
  expect(placeLabel(room, 200, 150, SIZE, false)).toBeNull();
  expect(placeLabel(room, 395, 150, SIZE, true)).toEqual({ left: 395 - 14 - SIZE.width, top: 135 });
});

it("room is given back when the map is drawn anew", () => {
  const room = empty();
  room.take(0, 0, 400, 300);
  room.clear(400, 300);
  expect(room.fits(10, 10, 90, 40)).toBe(true);
});
