#pragma once

namespace poolscope {

/// The child process that runs stb_image: reads one job, decodes one picture, answers, ends. It gives up
/// every right that decoding does not need before it looks at the first byte. Started by decode_picture()
/// only; started by hand it answers 2. main() calls it before anything else when argv[1] is
/// kDecodeWorkerArgument.
int decode_worker_main(int argc, char** argv);

}  // namespace poolscope
