#pragma once

#include "core/channels/builtinchannels.h"

namespace antiphon::test {

/// The platforms as the program speaks them: a fake of one takes from here what it doesn't fake.
inline const ChannelRegistry &builtInChannels()
{
    static const ChannelRegistry registry = [] {
        ChannelRegistry made;
        addBuiltInChannels(made);
        return made;
    }();
    return registry;
}

inline const ChannelAdapter &wordsOf(Channel channel)
{
    return *builtInChannels().adapter(channel);
}

inline const AccountAdapter &accountWordsOf(Channel channel)
{
    return *builtInChannels().accounts(channel);
}

} // namespace antiphon::test
