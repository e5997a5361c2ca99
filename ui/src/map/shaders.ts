/** Shaders of the track layer.
 *
 * Places are parts of the unit square away from an origin that the layer chooses near the middle of
 * the map, so that 32-bit floats place a symbol to a fraction of a pixel. Pixels are CSS pixels from
 * the middle of the map, y down.
 */

const CAMERA = `
uniform vec2 u_view;   // width and height of the map, px
uniform vec2 u_shift;  // the origin from the middle of the map, px
uniform float u_scale; // width of the world, px
uniform float u_ratio; // device pixels in a CSS pixel
vec2 pixelOf(vec2 place) { return place * u_scale + u_shift; }
vec4 clipOf(vec2 px) { return vec4(px.x / u_view.x * 2.0, -px.y / u_view.y * 2.0, 0.0, 1.0); }
// To whole device pixels, so that symbols stay crisp.
vec2 snapped(vec2 px) {
  return (floor((px + u_view * 0.5) * u_ratio + 0.5)) / u_ratio - u_view * 0.5;
}
bool outside(vec2 px, float margin) {
  return abs(px.x) > u_view.x * 0.5 + margin || abs(px.y) > u_view.y * 0.5 + margin;
}
const vec4 NOWHERE = vec4(2.0, 2.0, 2.0, 1.0);
vec2 corner() { return vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0 - 1.0; }
`;

// The same rule as model/filters.ts; what an open alarm names is always shown.
const FILTERS = `
uniform int u_hidden;         // bit per state
uniform int u_hide_claimed;
uniform int u_only_alarmed;
uniform float u_least_existence;
uniform float u_most_height_m;
bool hidden(int state, int basis, int level, float existence, float height_m) {
  if (level > 0) return false;
  if (u_only_alarmed == 1 || ((u_hidden >> state) & 1) == 1) return true;
  if (u_hide_claimed == 1 && basis == 1) return true;
  return existence < u_least_existence || height_m > u_most_height_m;
}
`;

const ATLAS = `
uniform vec2 u_grid; // columns and rows of cells in the atlas
vec2 cellAt(int cell, vec2 inside) {
  int columns = int(u_grid.x);
  return (vec2(float(cell % columns), float(cell / columns)) + inside) / u_grid;
}
`;

export const TEXTURED_FRAGMENT = `
uniform sampler2D u_atlas;
uniform float u_fade; // 0 as it is, 1 grey: what is shown is old
in vec2 v_at;
out vec4 colour;
void main() {
  vec4 seen = texture(u_atlas, v_at);
  float grey = dot(seen.rgb, vec3(0.3, 0.6, 0.1));
  colour = mix(seen, vec4(vec3(grey), seen.a) * 0.8, u_fade);
}`;

/** A symbol per row of the frame. */
export const SYMBOL_VERTEX = `
layout(location = 0) in vec2 a_place;
layout(location = 1) in uint a_state;
layout(location = 2) in uint a_basis;
layout(location = 3) in uint a_level;
layout(location = 4) in float a_existence;
layout(location = 5) in float a_height_m;
${CAMERA}${FILTERS}${ATLAS}
uniform float u_cell_px;
uniform float u_size; // 1, less where thousands would cover each other
out vec2 v_at;
void main() {
  vec2 px = pixelOf(a_place);
  if (outside(px, 20.0) || hidden(int(a_state), int(a_basis), int(a_level), a_existence, a_height_m)) {
    gl_Position = NOWHERE;
    return;
  }
  // As much of the cell as the symbol fills: empty corners cost as much as full ones.
  vec2 half_px = a_state == 0u ? vec2(11.0, 10.0) : a_state > 2u ? vec2(13.0) : vec2(17.0, 15.0);
  vec2 at = corner();
  v_at = cellAt(int(a_basis) * 7 + min(int(a_state), 6), 0.5 + at * half_px / u_cell_px);
  // A lost track that no alarm names is remembered, and does not shout.
  float size = a_state == 3u && a_level == 0u ? min(u_size, 0.65) : u_size;
  gl_Position = clipOf(snapped(px) + at * half_px * size);
}`;

/** Where a track will be after the lead time, as a line. */
export const VECTOR_VERTEX = `
layout(location = 0) in vec2 a_place;
layout(location = 1) in uint a_state;
layout(location = 2) in uint a_basis;
layout(location = 3) in uint a_level;
layout(location = 4) in float a_existence;
layout(location = 5) in float a_height_m;
layout(location = 6) in float a_east_mps;
layout(location = 7) in float a_north_mps;
${CAMERA}${FILTERS}
uniform float u_lead_s;
uniform float u_origin_y;
flat out float v_strength;
const float CIRCUMFERENCE_M = 40075016.686;
const float PI = 3.14159265;
void main() {
  vec2 px = pixelOf(a_place);
  bool moves = a_state == 1u || a_state == 2u;
  if (!moves || outside(px, 200.0) || hidden(int(a_state), int(a_basis), int(a_level), a_existence, a_height_m)) {
    gl_Position = NOWHERE;
    return;
  }
  // A metre covers 1 / cos(latitude) of what it covers on the equator, and that is cosh(...) here.
  float stretch = cosh(PI * (1.0 - 2.0 * (u_origin_y + a_place.y)));
  vec2 ahead = vec2(a_east_mps, -a_north_mps) * u_lead_s * stretch / CIRCUMFERENCE_M * u_scale;
  float far = length(ahead);
  if (far < 12.0) {
    gl_Position = NOWHERE;
    return;
  }
  vec2 along = ahead / far;
  vec2 at = corner();
  float reach = at.x < 0.0 ? 11.0 : far;
  // Airliners draw long lines; what only claims to be there must not hide what was measured.
  v_strength = a_level > 0u ? 1.0 : a_basis == 1u ? 0.3 : 0.8;
  gl_Position = clipOf(px + along * reach + vec2(-along.y, along.x) * at.y * 0.9);
}`;

export const VECTOR_FRAGMENT = `
uniform vec3 u_colour;
flat in float v_strength;
out vec4 colour;
void main() { colour = vec4(u_colour * v_strength, v_strength); }`;

/** Rings (u_fill 0) and discs (u_fill 1) of ellipses. */
export const ELLIPSE_VERTEX = `
layout(location = 0) in vec2 a_place;
layout(location = 1) in vec3 a_shape; // half axes in px, angle of the first from east, clockwise
layout(location = 2) in vec2 a_look;  // tone, dashed
${CAMERA}
uniform int u_fill;
uniform float u_corners;
flat out float v_tone;
flat out float v_dashed;
out float v_arc;
const float PI = 3.14159265;
void main() {
  float angle;
  float aside = 0.0;
  if (u_fill == 1) {
    float step = float((gl_VertexID + 1) / 2);
    angle = ((gl_VertexID & 1) == 1 ? 1.0 : -1.0) * 2.0 * PI * step / u_corners;
  } else {
    angle = 2.0 * PI * float(gl_VertexID / 2) / u_corners;
    aside = (gl_VertexID & 1) == 1 ? 0.9 : -0.9;
  }
  vec2 unit = vec2(cos(angle), sin(angle));
  vec2 axes = a_shape.xy;
  vec2 local = axes * unit + normalize(unit / max(axes, vec2(0.01))) * aside;
  float c = cos(a_shape.z);
  float s = sin(a_shape.z);
  vec2 turned = vec2(local.x * c - local.y * s, local.x * s + local.y * c);
  v_arc = angle * (axes.x + axes.y) * 0.5;
  v_tone = a_look.x;
  v_dashed = a_look.y;
  gl_Position = clipOf(pixelOf(a_place) + turned);
}`;

export const ELLIPSE_FRAGMENT = `
uniform vec3 u_tones[5];
uniform float u_opacity;
uniform int u_fill;
flat in float v_tone;
flat in float v_dashed;
in float v_arc;
out vec4 colour;
void main() {
  if (u_fill == 0 && v_dashed > 0.5 && fract(v_arc / 13.0) > 0.6) discard;
  colour = vec4(u_tones[int(v_tone)] * u_opacity, u_opacity);
}`;

/** Where tracks have been: a point each, hollow after a gap. */
export const DOT_VERTEX = `
layout(location = 0) in vec2 a_place;
layout(location = 1) in vec2 a_look; // opacity, gap before it
${CAMERA}
out vec2 v_look;
void main() {
  v_look = a_look;
  gl_PointSize = (a_look.y > 0.5 ? 6.0 : 3.6) * u_ratio;
  gl_Position = clipOf(snapped(pixelOf(a_place)));
}`;

export const DOT_FRAGMENT = `
uniform vec3 u_colour;
in vec2 v_look;
out vec4 colour;
void main() {
  float r = length(gl_PointCoord - 0.5) * 2.0;
  if (r > 1.0 || (v_look.y > 0.5 && r < 0.55)) discard;
  colour = vec4(u_colour * v_look.x, v_look.x);
}`;

/** Cells of the atlas at places with an offset: sensors, badges, what lies on top. */
export const MARK_VERTEX = `
layout(location = 0) in vec2 a_place;
layout(location = 1) in vec2 a_offset_px;
layout(location = 2) in vec2 a_look; // cell, scale
${CAMERA}${ATLAS}
uniform float u_cell_px;
out vec2 v_at;
void main() {
  vec2 at = corner();
  v_at = cellAt(int(a_look.x + 0.5), 0.5 + at * 0.5);
  gl_Position = clipOf(snapped(pixelOf(a_place) + a_offset_px) + at * u_cell_px * 0.5 * a_look.y);
}`;

/** One glyph each. */
export const GLYPH_VERTEX = `
layout(location = 0) in vec2 a_place;
layout(location = 1) in vec2 a_offset_px; // of the glyph's upper left corner
layout(location = 2) in vec4 a_box;       // in the glyph atlas, device px: left, top, width, height
layout(location = 3) in float a_tone;
${CAMERA}
uniform vec2 u_atlas_px;
out vec2 v_at;
flat out float v_tone;
void main() {
  vec2 unit = corner() * 0.5 + 0.5;
  v_at = (a_box.xy + unit * a_box.zw) / u_atlas_px;
  v_tone = a_tone;
  gl_Position = clipOf(snapped(pixelOf(a_place) + a_offset_px) + unit * a_box.zw / u_ratio);
}`;

/** Glyphs are white with a black rim in the atlas: what is white takes the tone, the rim the halo. */
export const GLYPH_FRAGMENT = `
uniform sampler2D u_atlas;
uniform vec3 u_tones[5];
uniform vec3 u_halo;
in vec2 v_at;
flat in float v_tone;
out vec4 colour;
void main() {
  vec4 seen = texture(u_atlas, v_at);
  colour = vec4(u_tones[int(v_tone)] * seen.r + u_halo * (seen.a - seen.r), seen.a);
}`;
