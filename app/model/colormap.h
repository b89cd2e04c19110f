#pragma once

namespace poolscope {

/// How one channel's values become colours. The diverging map is for signed data and has 0 in its middle.
enum class Colormap { grey, viridis, cividis, diverging };

}  // namespace poolscope
