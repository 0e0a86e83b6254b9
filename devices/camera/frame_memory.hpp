// SPDX-License-Identifier: Apache-2.0
// Keeps the memory of frames in the process.
#pragma once

namespace stile::devices {

// malloc would give each frame back to the kernel and get it again with a page fault every 4 KiB;
// that costs as much as copying the frame several times. Call once, before other threads start.
// What is kept is bounded by the frames that live at once.
void keep_frame_memory();

}  // namespace stile::devices
