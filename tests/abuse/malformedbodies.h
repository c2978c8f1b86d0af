#pragma once

#include <QByteArray>

#include <vector>

namespace antiphon::test {

struct MalformedBody {
    const char *name = "";
    QByteArray body{};
    int status = 200;   ///< where it is rightly signed
    bool isDead = true; ///< it, or what stands in it, can't be read and is set aside
};

/// Bodies of webhooks to a TikTok account that no honest platform sends.
std::vector<MalformedBody> malformedBodies(const QByteArray &account);

} // namespace antiphon::test
