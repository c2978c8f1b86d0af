#pragma once

/// Bodies of webhooks whose signatures are known. Apart from the tests, since moc stumbles over raw strings.
namespace antiphon::test::vectors {

inline constexpr char kMinimal[] = R"({"event":"im_receive_msg","user_openid":"biz-123","content":"{}"})";
inline constexpr char kFullText[] = R"JSON({"client_key":"7000000000000000001","event":"im_receive_msg","create_time":1700000001,"user_openid":"biz-0001-openid","content":"{\"from\":\"mira.shops\",\"to\":\"lantern.books\",\"unique_identifier\":\"usr+Q2hhcmxpZQ==\",\"from_user\":{\"id\":\"usr+Q2hhcmxpZQ==\",\"role\":\"personal_account\"},\"to_user\":{\"id\":\"biz-0001-openid\",\"role\":\"business_account\"},\"conversation_id\":\"cnv+Zm9vYmFy0==\",\"message_id\":\"msgTEXTin0001==\",\"timestamp\":1700000000123,\"type\":\"text\",\"text\":{\"body\":\"Is the blue edition in stock?\"},\"scene_type\":0,\"is_follower\":true,\"message_tag\":{\"source\":\"APP\"}}"})JSON";
inline constexpr char kUtf8[] = R"({"event":"im_receive_msg","user_openid":"biz-123","content":"{\"text\":{\"body\":\"Grüße 👋\"}}"})";

} // namespace antiphon::test::vectors
