#include "core/accounts/tokensource.h"

#include <algorithm>

namespace antiphon {

bool WebhookSigners::haveSecret() const
{
    return std::any_of(candidates.begin(), candidates.end(), [](const AppCredentials &candidate) { return !candidate.appSecret.isEmpty(); });
}

Result<WebhookSigners> TokenSource::signers(Channel, const WebhookKeys &keys) const
{
    WebhookSigners signers{.isKnown = keys.inboxSetting.isEmpty()};
    for (const Channel channel : keys.apps) {
        const auto found = app(channel);
        if (found)
            signers.candidates.append(*found);
        else if (found.error().kind == Error::Kind::Unavailable)
            return found.error();
    }
    return signers;
}

} // namespace antiphon
