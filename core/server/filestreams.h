#pragma once

#include "core/server/authorization.h"
#include "core/server/filestore.h"

namespace antiphon {

class HttpStream;

/// Files in and out, for the stream routes of both listeners. Never holds a file: pieces pass between socket and store. Net thread; outlives its streams.
class FileStreams {
public:
    FileStreams(FileStore &store, Authorizer authorize) : m_store(store), m_authorize(std::move(authorize)) {}

    void takeUpload(HttpStream *stream);        ///< POST /api/v1/attachments
    void sendAttachment(HttpStream *stream);    ///< GET /api/v1/attachments/{id}
    void sendMedia(HttpStream *stream);         ///< GET /media/{token}: the token is all that is asked

private:
    FileStore &m_store;
    Authorizer m_authorize;
};

} // namespace antiphon
