// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/sealed_file.hpp"

#include <array>
#include <fstream>

#include <sodium.h>

namespace rytme::journal {
namespace {

constexpr std::string_view magic = "RYTMEBK1";
constexpr std::size_t block = 65536;
using Key = std::array<unsigned char, crypto_box_PUBLICKEYBYTES>;
static_assert(crypto_box_PUBLICKEYBYTES == crypto_box_SECRETKEYBYTES);
using StreamKey = std::array<unsigned char, crypto_secretstream_xchacha20poly1305_KEYBYTES>;
using StreamHeader = std::array<unsigned char, crypto_secretstream_xchacha20poly1305_HEADERBYTES>;
using SealedKey = std::array<unsigned char, crypto_box_SEALBYTES + std::tuple_size_v<StreamKey>>;
constexpr std::size_t sealed_block = block + crypto_secretstream_xchacha20poly1305_ABYTES;

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

template <typename Bytes>
std::string_view view(const Bytes& array) {
  return {reinterpret_cast<const char*>(array.data()), array.size()};
}

void ready() {
  if (sodium_init() < 0) throw SealError("no random numbers on this machine");
}

Key key_from(std::string_view hex, const char* what) {
  Key key{};
  std::size_t length = 0;
  const char* end = nullptr;
  if (sodium_hex2bin(key.data(), key.size(), hex.data(), hex.size(), nullptr, &length, &end) != 0 ||
      length != key.size() || end != hex.data() + hex.size())
    throw SealError(what);
  return key;
}

std::string hex_of(const Key& key) {
  std::string text(2 * key.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), key.data(), key.size());
  text.pop_back();
  return text;
}

// As many as there are, up to `most`.
std::string read(std::istream& from, std::size_t most) {
  std::string text(most, '\0');
  from.read(text.data(), static_cast<std::streamsize>(most));
  text.resize(static_cast<std::size_t>(from.gcount()));
  if (from.bad()) throw SealError("cannot be read");
  return text;
}

template <typename Bytes>
Bytes read_part(std::istream& from) {
  Bytes part{};
  const std::string text = read(from, part.size());
  if (text.size() != part.size()) throw SealError("is cut short");
  std::copy(text.begin(), text.end(), part.begin());
  return part;
}

// Forgets the key when it goes.
struct Stream {
  crypto_secretstream_xchacha20poly1305_state state{};
  StreamKey key{};
  Stream() = default;
  ~Stream() { sodium_memzero(this, sizeof *this); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
};

void open(Stream& stream, std::istream& sealed, const KeyPair& key) {
  if (read(sealed, magic.size()) != magic) throw SealError("is not a Rytme backup");
  const Key secret = key_from(key.secret, "is not a secret key"),
            own = key_from(key.recipient, "is not a public key");
  const Key recipient = read_part<Key>(sealed);
  if (recipient != own) throw SealError("was made for another key, " + hex_of(recipient));
  const auto sealed_key = read_part<SealedKey>(sealed);
  if (crypto_box_seal_open(stream.key.data(), sealed_key.data(), sealed_key.size(), own.data(),
                           secret.data()) != 0)
    throw SealError("is damaged: its key does not open");
  const auto header = read_part<StreamHeader>(sealed);
  if (crypto_secretstream_xchacha20poly1305_init_pull(&stream.state, header.data(), stream.key.data()) != 0)
    throw SealError("is damaged in its header");
}

}  // namespace

KeyPair new_key_pair() {
  ready();
  Key secret{}, recipient{};
  crypto_box_keypair(recipient.data(), secret.data());
  KeyPair pair{hex_of(secret), hex_of(recipient)};
  sodium_memzero(secret.data(), secret.size());
  return pair;
}

KeyPair pair_of(std::string_view secret_hex) {
  ready();
  const Key secret = key_from(secret_hex, "is not a secret key of 64 hex digits");
  Key recipient{};
  crypto_scalarmult_base(recipient.data(), secret.data());
  return {std::string(secret_hex), hex_of(recipient)};
}

void seal(std::istream& content, std::string_view recipient_hex, const Sink& sink) {
  ready();
  const Key recipient = key_from(recipient_hex, "the recipient is not a public key of 64 hex digits");
  Stream stream;
  crypto_secretstream_xchacha20poly1305_keygen(stream.key.data());
  SealedKey sealed_key{};
  StreamHeader header{};
  if (crypto_box_seal(sealed_key.data(), stream.key.data(), stream.key.size(), recipient.data()) != 0)
    throw SealError("the recipient's key cannot be used");
  crypto_secretstream_xchacha20poly1305_init_push(&stream.state, header.data(), stream.key.data());
  sink(magic);
  sink(view(recipient));
  sink(view(sealed_key));
  sink(view(header));
  for (bool last = false; !last;) {
    std::string plain = read(content, block);
    last = plain.size() < block;
    std::string sealed(plain.size() + crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
    crypto_secretstream_xchacha20poly1305_push(&stream.state, bytes(sealed), nullptr, bytes(plain),
                                               plain.size(), nullptr, 0,
                                               last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                                                    : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    sink(sealed);
  }
}

void unseal(std::istream& sealed, const KeyPair& key, const Sink& sink) {
  ready();
  Stream stream;
  open(stream, sealed, key);
  for (;;) {
    std::string part = read(sealed, sealed_block);
    if (part.size() < crypto_secretstream_xchacha20poly1305_ABYTES) throw SealError("is cut short");
    std::string plain(part.size() - crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
    unsigned char tag = 0;
    if (crypto_secretstream_xchacha20poly1305_pull(&stream.state, bytes(plain), nullptr, &tag, bytes(part),
                                                   part.size(), nullptr, 0) != 0)
      throw SealError("is damaged or cut short");
    sink(plain);
    if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL) break;
  }
  if (sealed.peek() != std::istream::traits_type::eof()) throw SealError("has something after its end");
}

bool is_sealed(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string beginning(magic.size(), '\0');
  return in.read(beginning.data(), static_cast<std::streamsize>(beginning.size())) && beginning == magic;
}

}  // namespace rytme::journal
