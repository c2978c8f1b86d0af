#pragma once

/// Deliveries whose signatures are known. Apart from the tests, since moc stumbles over raw strings.
namespace antiphon::test::vectors {

/// Signed with "antiphon-wa-secret".
inline constexpr char kWhatsapp[] = R"({"object":"whatsapp_business_account","entry":[{"id":"100000000000001","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550100001","phone_number_id":"200000000000001"},"contacts":[{"profile":{"name":"Ada"},"wa_id":"15550100002"}],"messages":[{"from":"15550100002","id":"wamid.TESTVECTOR0001","timestamp":"1760000000","type":"text","text":{"body":"ping"}}]},"field":"messages"}]}]})";
inline constexpr char kWhatsappSignature[] = "sha256=478f227c04483b15ab3675975aff6be69046cb6c8ae24036c6896e91a474a4a2";

/// Signed with "antiphon-ig-secret".
inline constexpr char kInstagram[] = R"({"object":"instagram","entry":[{"time":1760000000123,"id":"17840000000000001","messaging":[{"sender":{"id":"17840000000000001"},"recipient":{"id":"9000000000000001"},"timestamp":1760000000001,"message":{"mid":"mid.TESTVECTOR0001","text":"from the phone","is_echo":true}}]}]})";
inline constexpr char kInstagramSignature[] = "sha256=c3472959d4f60dfe3991f173df6974ecd5df41b4d78a352820b6faff431286d5";

/// Signed with "antiphon-fb-secret"; the é is six bytes of ASCII.
inline constexpr char kMessenger[] = R"({"object":"page","entry":[{"id":"300000000000001","time":1760000000456,"messaging":[{"sender":{"id":"4000000000000001"},"recipient":{"id":"300000000000001"},"timestamp":1760000000400,"message":{"mid":"m_TESTVECTOR0001","text":"caf\u00e9"}}]}]})";
inline constexpr char kMessengerSignature[] = "sha256=94ee42efd4d7c98a0035e58d6b468e20b06e68e24417b31917d2560704c3b6df";

} // namespace antiphon::test::vectors
