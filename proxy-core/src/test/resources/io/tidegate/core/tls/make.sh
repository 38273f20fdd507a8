#!/usr/bin/env bash
# Makes the keys and certificates that README.md lists, in this directory.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
days=36500
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

p256() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# self NAME KEY SUBJECT [OPENSSL OPTIONS]: a self-signed certificate
self() { openssl req -x509 -new -sha256 -days "$days" -key "$2" -subj "$3" -out "$1" "${@:4}"; }

# signed NAME KEY SUBJECT ISSUER ISSUER_KEY EXTENSIONS
signed() {
  openssl req -new -sha256 -key "$2" -subj "$3" -out "$work/request"
  printf '%b\n' "$6" > "$work/extensions"
  openssl x509 -req -sha256 -days "$days" -in "$work/request" -CA "$4" -CAkey "$5" \
    -set_serial "0x$(openssl rand -hex 15)" -extfile "$work/extensions" -out "$1"
}

san() { printf 'subjectAltName=%s' "$1"; }

p256 ca.key
self ca.pem ca.key "/CN=Test Authority" -addext "keyUsage=critical,keyCertSign,cRLSign"

p256 "$work/intermediate.key"
signed "$work/intermediate.pem" "$work/intermediate.key" "/CN=Test Intermediate" ca.pem ca.key \
  'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign'
p256 "$work/leaf.key"
openssl ec -in "$work/leaf.key" -out leaf.key
openssl ecparam -name prime256v1 | cat - leaf.key > leaf-parameters.key
signed "$work/leaf.pem" leaf.key "/CN=leaf" "$work/intermediate.pem" "$work/intermediate.key" \
  "$(san DNS:a.test,DNS:*.a.test,DNS:localhost,IP:127.0.0.1)"
cat ca.pem "$work/intermediate.pem" "$work/leaf.pem" > chain.pem

openssl genrsa -traditional -out b-rsa.key 2048
self b-rsa.pem b-rsa.key "/CN=b rsa" -addext "$(san DNS:b.test)"
openssl pkcs8 -topk8 -v2 aes-256-cbc -in b-rsa.key -passout pass:secret -out encrypted.key
openssl rsa -traditional -aes128 -in b-rsa.key -passout pass:secret -out old.key

openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out b-ec.key
self b-ec.pem b-ec.key "/CN=b ec" -addext "$(san DNS:b.test)"
openssl req -new -sha256 -key b-ec.key -subj "/CN=expired" -out "$work/request"
mkdir "$work/ca" && : > "$work/ca/index" && echo 01 > "$work/ca/serial"
cat > "$work/ca.conf" <<CONF
[ca]
default_ca = it
[it]
database = $work/ca/index
serial = $work/ca/serial
new_certs_dir = $work/ca
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[names]
$(san DNS:b.test)
CONF
openssl ca -batch -selfsign -config "$work/ca.conf" -extensions names -keyfile b-ec.key -notext \
  -startdate 20000101000000Z -enddate 20010101000000Z -in "$work/request" -out expired.pem

p256 "$work/both.key"
self "$work/both.pem" "$work/both.key" "/CN=both" -addext "$(san DNS:both.test)"
cat "$work/both.key" "$work/both.pem" > both.pem

p256 "$work/other.key"
self "$work/other.pem" "$work/other.key" "/CN=other" -addext "$(san DNS:both.test)"
cat "$work/other.key" "$work/other.pem" > other.pem

openssl genpkey -algorithm ED25519 -out ed25519.key
openssl req -x509 -new -days "$days" -key ed25519.key -subj "/CN=ed" -out ed25519.pem -addext "$(san DNS:ed.test)"

p256 common-name.key
self common-name.pem common-name.key "/O=Test/CN=cn.test"
p256 address.key
self address.pem address.key "/CN=cn.test" -addext "$(san IP:127.0.0.1)"

p256 "$work/p12.key"
self "$work/p12.pem" "$work/p12.key" "/CN=p12" -addext "$(san DNS:p12.test)"
openssl pkcs12 -export -inkey "$work/p12.key" -in "$work/p12.pem" -passout pass:secret -out store.p12

client='extendedKeyUsage=clientAuth\nsubjectAltName=email:alice@a.test'
p256 client.key
signed client.pem client.key "/CN=alice" ca.pem ca.key "$client"
p256 revoked.key
signed revoked.pem revoked.key "/CN=mallory" ca.pem ca.key "$client"
p256 stranger.key
self stranger.pem stranger.key "/CN=alice"

: > "$work/ca/index"
openssl ca -config "$work/ca.conf" -keyfile ca.key -cert ca.pem -gencrl -crldays "$days" -out before.crl
openssl ca -batch -config "$work/ca.conf" -keyfile ca.key -cert ca.pem -revoke revoked.pem
openssl ca -config "$work/ca.conf" -keyfile ca.key -cert ca.pem -gencrl -crldays "$days" -out ca.crl
openssl crl -in ca.crl -outform DER -out ca.crl.der
openssl ca -config "$work/ca.conf" -keyfile ca.key -cert ca.pem -gencrl \
  -crl_lastupdate 20000101000000Z -crl_nextupdate 20010101000000Z -out stale.crl
