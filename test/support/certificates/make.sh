#!/bin/sh
# Makes the certificates in this folder anew. Needs OpenSSL 3. See README.md.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
touch "$work/index.txt"
cat > "$work/ca.cnf" <<CONFIG
[ca]
default_ca = test_ca
[test_ca]
database = $work/index.txt
new_certs_dir = $work
certificate = ca.pem
private_key = $work/ca-key.pem
default_md = sha256
rand_serial = yes
unique_subject = no
policy = any
[any]
commonName = supplied
CONFIG

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2> /dev/null; }

# name, subject alternative name, first day, last day (YYYYMMDD)
certificate() {
  openssl req -new -key server-key.pem -subj "/CN=$1" -out "$work/$1.csr"
  printf 'subjectAltName = %s\nbasicConstraints = CA:FALSE\n' "$2" > "$work/$1.ext"
  openssl ca -batch -notext -config "$work/ca.cnf" -in "$work/$1.csr" -extfile "$work/$1.ext" \
    -startdate "${3}000000Z" -enddate "${4}000000Z" -out "$1.pem" 2> /dev/null
}

key "$work/ca-key.pem"
key server-key.pem
openssl req -x509 -new -key "$work/ca-key.pem" -subj '/CN=Waybill test authority' -days 36500 -out ca.pem
openssl req -x509 -new -key server-key.pem -subj '/CN=hooks.example' -addext 'subjectAltName = DNS:hooks.example' \
  -days 36500 -out self-signed.pem
certificate good 'DNS:hooks.example,IP:127.0.0.1' 20200101 21200101
certificate expired 'DNS:hooks.example' 20200101 20210101
certificate future 'DNS:hooks.example' 21100101 21200101
certificate other-name 'DNS:other.example,DNS:*.other.example,IP:127.0.0.9' 20200101 21200101
