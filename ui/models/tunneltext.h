#pragma once

#include "core/client/tunnelapi.h"

/// The public address in words, by the codes of the contract.
namespace antiphon::tunneltext {

QString providerName(const QString &provider);     ///< "My own domain or proxy"
QString providerNeeds(const QString &provider);    ///< one line: what it needs and costs
QString state(const DeskTunnel &tunnel);           ///< a word or three
QString explanation(const DeskTunnel &tunnel);     ///< what is, and the next step
QString fieldError(const QString &detail);         ///< what the server has against a field's value
QString systemHint(const DeskToolHelp &help);      ///< what to do with the commands on that system

} // namespace antiphon::tunneltext
