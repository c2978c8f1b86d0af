#pragma once

#include <QHostAddress>

namespace antiphon {

/// Whether this is an ordinary address of the public internet. Not: loopback, private, link-local, carrier-grade NAT, documentation, benchmark, multicast,
/// reserved, IPv4-mapped, translated (64:ff9b::, 6to4, Teredo) or unspecified addresses.
/// @see https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
bool isPublicAddress(const QHostAddress &address);

} // namespace antiphon
