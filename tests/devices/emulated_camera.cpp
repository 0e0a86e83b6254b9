// SPDX-License-Identifier: Apache-2.0
// stile-emulated-camera FRAME FOURCC WIDTH HEIGHT[@RATE] PLOT PROGRAM...: runs a program that finds
// a V4L2 camera at /dev/video0. The camera shows one picture as its plot says: "40,unplug,40" shows
// it forty times, is away for a second, and comes back for forty more. "wedge" sends nothing until
// the program opens the camera anew. At the end of the plot it is unplugged for good.
//
// Start it with umockdev-wrapper. The device node is a plain file that the program maps into its
// memory; the emulator writes the frames into that file and answers the ioctls.
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <sstream>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <umockdev.h>
#include <unistd.h>

namespace {

constexpr std::uint32_t kBuffers = 4;
constexpr std::chrono::milliseconds kAway{1000};
constexpr std::chrono::milliseconds kWedgedBeat{250};

// Waits in a way that a request to stop ends.
void wait(const std::stop_token& stop, std::chrono::milliseconds time) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_for(lock, stop, time, [] { return false; });
}

// The file that stands for the device; away while it is unplugged.
class Node {
public:
    explicit Node(std::filesystem::path path)
        : path_{std::move(path)}, fd_{::open(path_.c_str(), O_RDWR | O_CLOEXEC)} {}
    [[nodiscard]] int fd() const { return fd_; }
    void unplug() const { std::filesystem::rename(path_, path_.native() + ".away"); }
    void plug_in_later() {
        plugger_ = std::jthread{[this](const std::stop_token& stop) {
            wait(stop, kAway);
            std::filesystem::rename(path_.native() + ".away", path_);
        }};
    }

private:
    std::filesystem::path path_;
    int fd_;
    std::jthread plugger_;
};

std::deque<std::string> words_of(const std::string& plot) {
    std::istringstream in{plot};
    std::deque<std::string> words;
    for (std::string word; std::getline(in, word, ',');)
        words.push_back(word);
    return words;
}

class Camera {
public:
    Camera(std::vector<char> picture, std::uint32_t fourcc, std::uint32_t width,
           std::uint32_t height, const std::string& plot)
        : picture_{std::move(picture)},
          fourcc_{fourcc},
          width_{width},
          height_{height},
          plot_{words_of(plot)} {}

    void use(Node& node) { node_ = &node; }
    // Frames a second. Else it says 25 and is twice as fast, for tests.
    void set_rate(std::uint32_t rate) {
        rate_ = rate;
        period_ = std::chrono::milliseconds{1000 / rate};
    }

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
                return rate(*static_cast<v4l2_streamparm*>(argument));
            case VIDIOC_QUERYCTRL:
                return describe(*static_cast<v4l2_queryctrl*>(argument));
            case VIDIOC_G_CTRL:
                return read(*static_cast<v4l2_control*>(argument));
            case VIDIOC_S_CTRL:
                return change(*static_cast<v4l2_control*>(argument));
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
                wedged_ = false;
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
    // It makes 25 pictures a second, whatever it is asked for.
    int rate(v4l2_streamparm& out) const {
        out.parm.capture = {};
        out.parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
        out.parm.capture.timeperframe = {1, rate_};
        return 0;
    }
    int describe(v4l2_queryctrl& out) const {
        const auto id = out.id;
        if (!controls_.contains(id)) return EINVAL;
        out = {};
        out.id = id;
        out.type = id == V4L2_CID_EXPOSURE_AUTO ? V4L2_CTRL_TYPE_MENU : V4L2_CTRL_TYPE_INTEGER;
        out.minimum = id == V4L2_CID_EXPOSURE_AUTO ? 0 : 1;
        out.maximum = id == V4L2_CID_EXPOSURE_AUTO ? 3 : 500;
        out.step = 1;
        return 0;
    }
    int read(v4l2_control& out) const {
        const auto control = controls_.find(out.id);
        if (control == controls_.end()) return EINVAL;
        out.value = control->second;
        return 0;
    }
    // As cameras do: an exposure beyond the longest becomes the longest.
    int change(const v4l2_control& wish) {
        const auto control = controls_.find(wish.id);
        if (control == controls_.end()) return EINVAL;
        control->second =
            wish.id == V4L2_CID_EXPOSURE_ABSOLUTE ? std::min(wish.value, 500) : wish.value;
        return 0;
    }
    int allocate(v4l2_requestbuffers& out) {
        out.count = std::min(out.count, kBuffers);
        queue_.clear();
        const auto bytes = static_cast<off_t>(slot_bytes()) * kBuffers;
        return ::ftruncate(node_->fd(), bytes) == 0 ? 0 : EIO;
    }
    int place(v4l2_buffer& out) const {
        if (out.index >= kBuffers) return EINVAL;
        out.length = static_cast<std::uint32_t>(picture_.size());
        out.m.offset = out.index * slot_bytes();
        return 0;
    }
    int show(v4l2_buffer& out) {
        if (wedged_) {
            wait({}, kWedgedBeat);
            return EAGAIN;
        }
        if (frames_left_ == 0) {
            if (const int error = next_word(); error != 0) return error;
        }
        if (queue_.empty()) return EAGAIN;
        // The caller polls, and a plain file is always ready: so the ioctl itself takes the time.
        wait({}, period_);
        --frames_left_;
        out.index = queue_.front();
        queue_.pop_front();
        out.bytesused = static_cast<std::uint32_t>(picture_.size());
        const auto offset = static_cast<off_t>(out.index) * slot_bytes();
        const auto written = ::pwrite(node_->fd(), picture_.data(), picture_.size(), offset);
        return written < 0 ? EIO : place(out);
    }
    // Goes on in the plot; the error number with which the next frame is refused, or 0.
    int next_word() {
        const std::string word = plot_.empty() ? "end" : plot_.front();
        if (!plot_.empty()) plot_.pop_front();
        if (word == "wedge") {
            wedged_ = true;
            return EAGAIN;
        }
        if (word == "unplug" || word == "end") {
            if (!std::exchange(ended_, word == "end")) node_->unplug();
            if (word == "unplug") node_->plug_in_later();
            return ENODEV;
        }
        frames_left_ = std::stoi(word);
        return 0;
    }

    std::vector<char> picture_;
    std::uint32_t fourcc_;
    std::uint32_t width_;
    std::uint32_t height_;
    std::uint32_t rate_ = 25;
    std::chrono::milliseconds period_{20};
    std::deque<std::string> plot_;
    int frames_left_ = 0;
    bool wedged_ = false;
    bool ended_ = false;
    Node* node_ = nullptr;
    std::deque<std::uint32_t> queue_;
    std::map<std::uint32_t, std::int32_t> controls_{
        {V4L2_CID_EXPOSURE_AUTO, V4L2_EXPOSURE_APERTURE_PRIORITY},
        {V4L2_CID_EXPOSURE_ABSOLUTE, 156}};
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
    Node node{std::string{root} + "/dev/video0"};
    camera.use(node);
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // the test ends the emulator
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
                  static_cast<std::uint32_t>(std::atoi(argv[4])), argv[5]};
    const char* rate = std::strchr(argv[4], '@');
    if (rate != nullptr)
        camera.set_rate(static_cast<std::uint32_t>(std::max(std::atoi(rate + 1), 1)));
    return run(camera, argv + 6);
}
