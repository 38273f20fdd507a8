#!/usr/bin/env bash
# Makes expired.pem and expired.key, a certificate of expired-ca.pem that was valid in the year 2000.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
p256() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

p256 "$work/ca.key"
openssl req -x509 -new -sha256 -days 36500 -key "$work/ca.key" -subj "/CN=Test Authority" \
  -addext "keyUsage=critical,keyCertSign" -out expired-ca.pem
p256 expired.key
openssl req -new -sha256 -key expired.key -subj "/CN=expired" -out "$work/request"
: > "$work/index" && echo 01 > "$work/serial"
cat > "$work/ca.conf" <<CONF
[ca]
default_ca = it
[it]
database = $work/index
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
[any]
commonName = supplied
[names]
subjectAltName = DNS:localhost,IP:127.0.0.1
CONF
openssl ca -batch -config "$work/ca.conf" -extensions names -cert expired-ca.pem \
  -keyfile "$work/ca.key" -notext -startdate 20000101000000Z -enddate 20010101000000Z \
  -in "$work/request" -out expired.pem
