// SPDX-License-Identifier: Apache-2.0
// stile-emulated-camera FRAME FOURCC WIDTH HEIGHT COUNT PROGRAM...: runs a program that finds a
// V4L2 camera at /dev/video0. The camera shows one picture COUNT times and is then gone.
//
// Start it with umockdev-wrapper. The device node is a plain file that the program maps into its
// memory; the emulator writes the frames into that file and answers the ioctls.
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <umockdev.h>
#include <unistd.h>

namespace {

constexpr std::uint32_t kBuffers = 4;
constexpr std::chrono::milliseconds kPeriod{20};

class Camera {
public:
    Camera(std::vector<char> picture, std::uint32_t fourcc, std::uint32_t width,
           std::uint32_t height, int frames)
        : picture_{std::move(picture)},
          fourcc_{fourcc},
          width_{width},
          height_{height},
          frames_left_{frames} {}

    void use_node(int fd) { node_ = fd; }

    // 0, or the error number of the ioctl.
    int answer(unsigned long request, void* argument) {
        switch (request) {
            case VIDIOC_QUERYCAP:
                return describe(*static_cast<v4l2_capability*>(argument));
            case VIDIOC_ENUMINPUT:
                return describe(*static_cast<v4l2_input*>(argument));
            case VIDIOC_G_INPUT:
            case VIDIOC_S_INPUT:
                *static_cast<int*>(argument) = 0;
                return 0;
            case VIDIOC_G_FMT:
            case VIDIOC_S_FMT:
            case VIDIOC_TRY_FMT:
                return format(*static_cast<v4l2_format*>(argument));
            case VIDIOC_G_PARM:
            case VIDIOC_S_PARM:
                return 0;
            case VIDIOC_REQBUFS:
                return allocate(*static_cast<v4l2_requestbuffers*>(argument));
            case VIDIOC_QUERYBUF:
                return place(*static_cast<v4l2_buffer*>(argument));
            case VIDIOC_QBUF:
                queue_.push_back(static_cast<v4l2_buffer*>(argument)->index);
                return 0;
            case VIDIOC_DQBUF:
                return show(*static_cast<v4l2_buffer*>(argument));
            case VIDIOC_STREAMON:
                return 0;
            case VIDIOC_STREAMOFF:
                queue_.clear();
                return 0;
            default:
                return ENOTTY;
        }
    }

private:
    [[nodiscard]] std::uint32_t slot_bytes() const {
        return (static_cast<std::uint32_t>(picture_.size()) + 4095U) & ~4095U;
    }
    static int describe(v4l2_capability& out) {
        out = {};
        std::strcpy(reinterpret_cast<char*>(out.driver), "emulated");
        std::strcpy(reinterpret_cast<char*>(out.card), "Emulated camera");
        out.device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        out.capabilities = out.device_caps | V4L2_CAP_DEVICE_CAPS;
        return 0;
    }
    static int describe(v4l2_input& out) {
        if (out.index != 0) return EINVAL;
        out.type = V4L2_INPUT_TYPE_CAMERA;
        return 0;
    }
    int format(v4l2_format& out) const {
        if (out.type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return EINVAL;
        out.fmt.pix = {};
        out.fmt.pix.width = width_;
        out.fmt.pix.height = height_;
        out.fmt.pix.pixelformat = fourcc_;
        out.fmt.pix.field = V4L2_FIELD_NONE;
        out.fmt.pix.sizeimage = static_cast<std::uint32_t>(picture_.size());
        return 0;
    }
    int allocate(v4l2_requestbuffers& out) {
        out.count = std::min(out.count, kBuffers);
        queue_.clear();
        return ::ftruncate(node_, static_cast<off_t>(slot_bytes()) * kBuffers) == 0 ? 0 : EIO;
    }
    int place(v4l2_buffer& out) const {
        if (out.index >= kBuffers) return EINVAL;
        out.length = static_cast<std::uint32_t>(picture_.size());
        out.m.offset = out.index * slot_bytes();
        return 0;
    }
    int show(v4l2_buffer& out) {
        if (frames_left_ == 0) return ENODEV;
        if (queue_.empty()) return EAGAIN;
        wait_for_beat();
        --frames_left_;
        out.index = queue_.front();
        queue_.pop_front();
        out.bytesused = static_cast<std::uint32_t>(picture_.size());
        const auto offset = static_cast<off_t>(out.index) * slot_bytes();
        return ::pwrite(node_, picture_.data(), picture_.size(), offset) < 0 ? EIO : place(out);
    }
    // The caller polls, and a plain file is always ready: so the ioctl itself takes the time.
    static void wait_for_beat() {
        std::mutex mutex;
        std::condition_variable never;
        std::unique_lock lock{mutex};
        never.wait_for(lock, kPeriod, [] { return false; });
    }

    std::vector<char> picture_;
    std::uint32_t fourcc_;
    std::uint32_t width_;
    std::uint32_t height_;
    int frames_left_;
    int node_ = -1;
    std::deque<std::uint32_t> queue_;
};

gboolean on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer data) {
    const gulong request = umockdev_ioctl_client_get_request(client);
    UMockdevIoctlData* argument = nullptr;
    if (_IOC_SIZE(request) > 0) {
        argument = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0,
                                               _IOC_SIZE(request), nullptr);
    }
    const int error =
        argument == nullptr ? ENOTTY : static_cast<Camera*>(data)->answer(request, argument->data);
    if (argument != nullptr) g_object_unref(argument);
    umockdev_ioctl_client_complete(client, error == 0 ? 0 : -1, error);
    return TRUE;
}

int run(Camera& camera, char** program) {
    UMockdevTestbed* bed = umockdev_testbed_new();
    UMockdevIoctlBase* handler = umockdev_ioctl_base_new();
    g_signal_connect(handler, "handle-ioctl", G_CALLBACK(on_ioctl), &camera);
    umockdev_testbed_attach_ioctl(bed, "/dev/video0", handler, nullptr);
    umockdev_testbed_add_from_string(bed,
                                     "P: /devices/emulated/video4linux/video0\nN: video0=00\n"
                                     "E: DEVNAME=/dev/video0\nE: SUBSYSTEM=video4linux\n"
                                     "E: MAJOR=81\nE: MINOR=0\nA: name=Emulated camera\\n\n"
                                     "A: dev=81:0\\n\n",
                                     nullptr);
    gchar* root = umockdev_testbed_get_root_dir(bed);
    camera.use_node(::open((std::string{root} + "/dev/video0").c_str(), O_RDWR | O_CLOEXEC));
    const pid_t child = ::fork();
    if (child == 0) {
        ::execv(program[0], program);
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    g_free(root);
    g_object_unref(handler);
    g_object_unref(bed);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 7 || std::strlen(argv[2]) != 4) return 2;
    std::ifstream in{argv[1], std::ios::binary};
    std::vector<char> picture{std::istreambuf_iterator<char>{in}, {}};
    std::uint32_t fourcc = 0;
    std::memcpy(&fourcc, argv[2], sizeof fourcc);
    Camera camera{std::move(picture), fourcc, static_cast<std::uint32_t>(std::atoi(argv[3])),
                  static_cast<std::uint32_t>(std::atoi(argv[4])), std::atoi(argv[5])};
    return run(camera, argv + 6);
}
