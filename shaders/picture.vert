// One quad: a part of the screen. No vertex buffers; the four corners come from gl_VertexID.
uniform vec4 u_screen;    // x0, y0, x1, y1 in pixels of ImGui
uniform vec4 u_display;   // origin x, y and size of ImGui's screen
uniform vec4 u_cells;     // x0, y0, x1, y1 in cells of the picture
out vec2 v_cell;

void main() {
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
  vec2 at = (mix(u_screen.xy, u_screen.zw, corner) - u_display.xy) / u_display.zw;
  v_cell = mix(u_cells.xy, u_cells.zw, corner);
  gl_Position = vec4(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0);
}
