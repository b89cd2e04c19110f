#pragma once

#include "app/model/document.h"
#include "app/model/study_fields.h"

namespace poolscope {

/// Which of the fields that depend on each other were there.
struct NamedLinks {
  bool window = false, stride = false, padding = false, dilation = false;
  bool stride_linked = false, rectangular = false;
};

/// The fields of "pooling".
NamedLinks pooling_fields(StudyFields& fields, PoolSpec& spec, bool& stride_linked, bool& rectangular);
/// How the input is shown: direction, compared, colormap.
void view_fields(StudyFields& fields, Document& document);
/// The Network lab's (study_network.cpp).
void network_setup(StudyFields& fields, NetworkSetup& setup);
/// One field for the setup of each lab.
void setup_fields(StudyFields& fields, Document& document);

}  // namespace poolscope
