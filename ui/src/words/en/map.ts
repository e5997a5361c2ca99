/** The map: its buttons, its legend, and why there is nothing on it. */

export const map = {
  "map.title": "Map",
  "map.text":
    "Map. Arrow keys move it, plus and minus zoom, comma and full stop choose the previous and the next track.",
  "map.zoom_in": "Zoom in",
  "map.zoom_out": "Zoom out",
  "map.whole": "Show the whole theatre",
  "map.vector": { one: "line: where it will be in {n} min", other: "line: where it will be in {n} min" },
  "map.ellipse": "ellipse: where it is with 95 %",
  "map.reach": "circle: reach at 200 m above ground",
  "map.reach_text": "Where a small object is seen with at least 50 %, over a smooth earth.",
  "map.silent": "dashed: not heard",
  "map.no_basemap": "The map's tiles are missing; borders come from the zones.",
  "map.rebuilding": "The graphics card let go of the map. It is being drawn anew …",
  "map.no_webgl": "This browser has no WebGL2: the server draws the picture, every 2 s.",
  "map.picture": "The picture, drawn by the server",
  "map.picture_past": "THE PAST: this picture and the table show {time}.",
  "map.picture_failed": "The server did not send a picture. What is shown is old.",

  "map.placing": "Click the place.",
  "map.placing_keys": "Enter takes the middle of the map, arrows move it. Esc leaves.",
  "map.placing_leave": "Leave",
  "map.ahead": "{place} ≈ {minutes} min",
  "map.ahead_now": "{place}: now",
  "map.ahead_legend": "place ahead, minutes by a simple model",

  "empty.no_link": "Nothing is shown because the server has not been heard yet.",
  "empty.waiting": "The first picture has not come yet.",
  "empty.filtered": {
    one: "The filters hide the only track there is.",
    other: "The filters hide all {n} tracks.",
  },
  "empty.no_sensors": "No sensor is set up: nothing can be seen.",
  "empty.blind": {
    one: "The only sensor is not heard. Nobody knows what is there.",
    other: "None of {n} sensors is heard. Nobody knows what is there.",
  },
  "empty.half_blind": {
    one: "No track. {n} of {all} sensors is not heard: nobody knows what is there.",
    other: "No track. {n} of {all} sensors are not heard: nobody knows what is there.",
  },
  "empty.nothing": {
    one: "No track: {n} sensor is heard and reports nothing where it looks.",
    other: "No track: {n} sensors are heard and report nothing where they look.",
  },
  "empty.partner": "No track that may be shown to you.",
  "empty.replay": "Nothing was known at this time.",
} as const;
