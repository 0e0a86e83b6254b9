// SPDX-License-Identifier: Apache-2.0
// Settings of OpenCV that hold for the whole process.
#pragma once

namespace stile::devices {

// Makes OpenCV quiet and single-threaded, and gives a camera that sends nothing 2 s instead of 10.
// Call once, before other threads start.
void set_up_opencv();

}  // namespace stile::devices
