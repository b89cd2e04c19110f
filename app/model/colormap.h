#pragma once

namespace poolscope {

/// How one channel's values become colours. The diverging map is for signed data and has 0 in its middle;
/// red, green and blue show one channel of a colour picture in its own light.
enum class Colormap { grey, viridis, cividis, diverging, red, green, blue };

}  // namespace poolscope
