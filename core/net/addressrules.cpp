#include "core/net/addressrules.h"

#include <array>

namespace antiphon {
namespace {

struct Block4 {
    quint32 network;
    int bits;
};

constexpr quint32 v4(quint32 a, quint32 b, quint32 c, quint32 d)
{
    return a << 24 | b << 16 | c << 8 | d;
}

constexpr std::array kSpecial4{
    Block4{v4(0, 0, 0, 0), 8},        Block4{v4(10, 0, 0, 0), 8},      Block4{v4(100, 64, 0, 0), 10},   Block4{v4(127, 0, 0, 0), 8},
    Block4{v4(169, 254, 0, 0), 16},   Block4{v4(172, 16, 0, 0), 12},   Block4{v4(192, 0, 0, 0), 24},    Block4{v4(192, 0, 2, 0), 24},
    Block4{v4(192, 31, 196, 0), 24},  Block4{v4(192, 52, 193, 0), 24}, Block4{v4(192, 88, 99, 0), 24},  Block4{v4(192, 168, 0, 0), 16},
    Block4{v4(192, 175, 48, 0), 24},  Block4{v4(198, 18, 0, 0), 15},   Block4{v4(198, 51, 100, 0), 24}, Block4{v4(203, 0, 113, 0), 24},
    Block4{v4(224, 0, 0, 0), 4},      Block4{v4(240, 0, 0, 0), 4},
};

bool isPublic4(quint32 address)
{
    for (const Block4 &block : kSpecial4) {
        if (address >> (32 - block.bits) == block.network >> (32 - block.bits))
            return false;
    }
    return true;
}

bool isPublic6(const Q_IPV6ADDR &a)
{
    if ((a[0] & 0xe0) != 0x20)                                              // only 2000::/3 is given out at all
        return false;
    if (a[0] == 0x20 && a[1] == 0x01 && a[2] < 0x02)                        // 2001::/23: Teredo, ORCHID, benchmark …
        return false;
    if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8)       // documentation
        return false;
    if (a[0] == 0x20 && a[1] == 0x02)                                       // 6to4 carries an IPv4 address
        return false;
    return !(a[0] == 0x3f && a[1] == 0xff && (a[2] & 0xf0) == 0);           // documentation
}

} // namespace

bool isPublicAddress(const QHostAddress &address)
{
    switch (address.protocol()) {
    case QAbstractSocket::IPv4Protocol: return isPublic4(address.toIPv4Address());
    case QAbstractSocket::IPv6Protocol: return address.scopeId().isEmpty() && isPublic6(address.toIPv6Address());
    case QAbstractSocket::AnyIPProtocol:
    case QAbstractSocket::UnknownNetworkLayerProtocol: return false;
    }
    return false;
}

} // namespace antiphon
