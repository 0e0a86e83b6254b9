// SPDX-License-Identifier: Apache-2.0
// A maintainer asks for a backup while the gate runs.
#include <fmt/format.h>

#include "daemon/machine.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"

namespace stile {

// The copy begins once its Act is durable, and so holds it.
Result<void> Machine::back_up(const PeerInfo& peer, std::uint32_t request,
                              const std::string& folder) {
    if (!stores_.ledger_damage.empty())
        return fail(Errc::Corrupt, "there is nothing good to copy: " + stores_.ledger_damage);
    if (auto can = backups_.check(folder); !can) return can;
    const std::string to = folder.empty() ? "" : "to " + folder;
    const std::string role{peer.caller.role ? name_of(*peer.caller.role) : ""};
    if (auto noted = gate_.note(
            {.what = ActKind::Backup, .person = peer.caller.person, .role = role, .reason = to});
        !noted)
        return noted;
    log::notice(
        fmt::format("{} ({}): backup{}{}", peer.caller.person, role, to.empty() ? "" : " ", to),
        {log::message_id(log::kStaffAct),
         {"PERSON", peer.caller.person},
         {"ROLE", role},
         {"VERB", "backup"}});
    backups_.start(
        {.into = folder,
         .now = clock_->now().time,
         .working =
             [this, id = peer.id, request](std::chrono::seconds since) {
                 hub_.send(id, protocol::CommandProgress{
                                   request, static_cast<std::uint64_t>(since.count())});
             },
         .done = [this, id = peer.id,
                  request](const Result<BackupMade>& made) { backup_ended(id, request, made); }});
    return {};
}

// Whoever asked may be gone; the journal says it in any case.
void Machine::backup_ended(PeerId peer, std::uint32_t request, const Result<BackupMade>& made) {
    using protocol::CommandOutcome;
    if (made) {
        log::notice(fmt::format("{}: a good backup, up to entry {}", made->folder.native(),
                                made->manifest.end.seq),
                    {log::message_id(log::kBackupMade)});
        hub_.send(peer, protocol::CommandResult{request, CommandOutcome::Done, backup_json(*made)});
    } else {
        log::error("no backup was made: " + made.error().context,
                   {log::message_id(log::kBackupFailed)});
        hub_.send(peer, protocol::CommandResult{request, CommandOutcome::Failed,
                                                "no backup was made: " + made.error().context});
    }
    report_health();
}

}  // namespace stile
