// Colours of one tile of a picture: which cell is under the pixel, its value, its place in the colour map.
in vec2 v_cell;           // in cells of the whole picture
out vec4 o_color;

uniform sampler2DArray u_values;  // one layer per channel, 32-bit floats
uniform sampler2D u_maps;         // 256 wide, one row per colour map
uniform float u_level;            // of the tile: its cells are 2^level of the picture's wide
uniform float u_scale;            // 1 / 2^level
uniform vec4 u_tile;              // x, y of its texture's first cell, the texture's width and height
uniform vec2 u_picture;           // width and height in cells
uniform int u_channel;            // -1: red, green, blue
uniform int u_map;
uniform vec2 u_range;             // low, and 1 / (high - low); 0 for a flat picture
uniform vec2 u_cells_per_pixel;
uniform float u_revealed;         // rows that are shown whole
uniform float u_revealed_column;  // cells shown of the next row
uniform float u_grid;             // strength of the lines, 0 to 1
uniform vec4 u_grid_color;
uniform vec4 u_blank;
uniform vec4 u_nan;
uniform vec4 u_tint_rect[4];
uniform vec4 u_tint[4];
uniform float u_alpha;

float value_of(vec2 cell, int layer) {
  // Above one pixel a cell the nearest value, exactly; below, the mean of the cells under the pixel.
  if (max(u_cells_per_pixel.x, u_cells_per_pixel.y) <= 1.0) {
    ivec2 at = clamp(ivec2(floor(cell * u_scale - u_tile.xy)), ivec2(0), ivec2(u_tile.zw) - 1);
    return texelFetch(u_values, ivec3(at, layer), 0).r;
  }
  vec2 at = clamp(cell, vec2(0.5), u_picture - 0.5) * u_scale - u_tile.xy;
  float level = log2(max(u_cells_per_pixel.x, u_cells_per_pixel.y)) - u_level;
  return textureLod(u_values, vec3(at / u_tile.zw, float(layer)), level).r;
}

// Not a comparison with itself: compilers may assume that there are no NaNs.
bool is_nan(float v) {
  uint bits = floatBitsToUint(v);
  return (bits & 0x7f800000u) == 0x7f800000u && (bits & 0x007fffffu) != 0u;
}

float place_of(float v) {
  if (u_range.y == 0.0) return 0.5;
  return clamp((v - u_range.x) * u_range.y, 0.0, 1.0);
}

void main() {
  vec2 cell = floor(v_cell);
  if (any(lessThan(cell, vec2(0.0))) || any(greaterThanEqual(cell, u_picture))) discard;
  bool shown = cell.y < u_revealed || (cell.y == u_revealed && cell.x < u_revealed_column);
  vec4 color = u_blank;
  if (shown && u_channel >= 0) {
    float v = value_of(v_cell, u_channel);
    color = is_nan(v) ? u_nan : texelFetch(u_maps, ivec2(int(floor(place_of(v) * 255.0 + 0.5)), u_map), 0);
  } else if (shown) {
    vec3 v = vec3(value_of(v_cell, 0), value_of(v_cell, 1), value_of(v_cell, 2));
    bool broken = is_nan(v.r) || is_nan(v.g) || is_nan(v.b);
    color = broken ? u_nan : vec4(place_of(v.r), place_of(v.g), place_of(v.b), 1.0);
  }
  for (int i = 0; i < 4; ++i) {
    vec4 r = u_tint_rect[i];
    if (u_tint[i].a > 0.0 && all(greaterThanEqual(cell, r.xy)) && all(lessThan(cell, r.zw))) {
      color.rgb = mix(color.rgb, u_tint[i].rgb, u_tint[i].a);
    }
  }
  if (u_grid > 0.0) {
    // One pixel at the left and upper edge of each cell.
    vec2 from_edge = (v_cell - cell) / u_cells_per_pixel;
    if (from_edge.x < 1.0 || from_edge.y < 1.0) color.rgb = mix(color.rgb, u_grid_color.rgb, u_grid * u_grid_color.a);
  }
  o_color = vec4(color.rgb, color.a * u_alpha);
}
