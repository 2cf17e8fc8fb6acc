#!/bin/sh
# Makes the client certificates in this folder anew. Needs OpenSSL 3. See README.md.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# name of the authority's files in $work, its certificate
authority() {
  touch "$work/$1.txt"
  cat > "$work/$1.cnf" <<CONFIG
[ca]
default_ca = test_ca
[test_ca]
database = $work/$1.txt
new_certs_dir = $work
certificate = $2
private_key = $work/$1-key.pem
default_md = sha256
rand_serial = yes
unique_subject = no
policy = any
[any]
organizationName = optional
commonName = supplied
[own]
basicConstraints = critical, CA:TRUE
CONFIG
}

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2> /dev/null; }

# authority, subject, key, extensions, first day, last day (YYYYMMDD), file to write
sign() {
  openssl req -new -key "$3" -subj "$2" -out "$work/request.csr"
  printf "$4" > "$work/request.ext"
  openssl ca -batch -notext -config "$work/$1.cnf" -in "$work/request.csr" -extfile "$work/request.ext" \
    -startdate "${5}000000Z" -enddate "${6}000000Z" -out "$7" 2> /dev/null
}

# subject, key, file to write: one that has signed itself
sign_itself() {
  authority itself "$3"
  openssl req -new -key "$2" -subj "$1" -out "$work/request.csr"
  openssl ca -batch -notext -selfsign -config "$work/itself.cnf" -keyfile "$2" -in "$work/request.csr" \
    -startdate 20200101000000Z -enddate 21200101000000Z -out "$3" -extensions own 2> /dev/null
}

leaf='basicConstraints = CA:FALSE\nextendedKeyUsage = clientAuth\n'

key "$work/root-key.pem"
sign_itself '/CN=Waybill test clients' "$work/root-key.pem" root.pem
authority root root.pem
key "$work/issuing-key.pem"
sign root '/CN=Waybill test clients, issuing' "$work/issuing-key.pem" 'basicConstraints = critical, CA:TRUE\n' \
  20200101 21200101 issuing.pem
authority issuing issuing.pem

key key.pem
key other-key.pem
openssl genrsa -traditional -out rsa-pkcs1-key.pem 2048 2> /dev/null
sign issuing '/O=Acme/CN=acme' key.pem "$leaf" 20200101 21200101 good.pem
sign issuing '/CN=acme' key.pem "$leaf" 20200101 20210101 expired.pem
sign issuing '/CN=acme' key.pem "$leaf" 21100101 21200101 future.pem
sign issuing '/CN=acme, renewed' other-key.pem "$leaf" 20200101 21200101 renewed.pem
sign issuing '/CN=acme rsa' rsa-pkcs1-key.pem "$leaf" 20200101 21200101 rsa.pem
sign_itself '/CN=stranger' key.pem stranger.pem
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out weak-key.pem 2> /dev/null
sign_itself '/CN=weak' weak-key.pem weak.pem

# The ways a private key is kept. The passphrase is "open sesame".
openssl ec -in key.pem -out sec1-key.pem 2> /dev/null
openssl pkcs8 -topk8 -in key.pem -passout 'pass:open sesame' -out encrypted-key.pem
openssl pkcs8 -topk8 -in key.pem -passout 'pass:open sesame' -scrypt -out scrypt-key.pem
openssl pkcs8 -topk8 -in key.pem -passout 'pass:open sesame' -v1 PBE-SHA1-3DES -out 3des-key.pem
openssl pkcs8 -topk8 -in key.pem -passout 'pass:open sesame' -iter 3000000 -out slow-key.pem
openssl ec -in key.pem -aes128 -passout 'pass:open sesame' -out dek-info-key.pem 2> /dev/null

# name, passphrase, options
bundle() {
  name=$1 passphrase=$2
  shift 2
  openssl pkcs12 -export -in good.pem -inkey key.pem -certfile "$work/chain.pem" -passout "pass:$passphrase" \
    -out "$name.p12" "$@"
}
cat issuing.pem root.pem > "$work/chain.pem"
bundle aes 'öppna sesam' -name 'acme'
bundle 3des 'öppna sesam' -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
bundle rc2 'open sesame' -legacy
bundle no-passphrase ''
bundle 3des-no-passphrase '' -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
bundle clear 'open sesame' -keypbe NONE -certpbe NONE -nomac
bundle slow 'open sesame' -iter 3000000
openssl pkcs12 -export -nokeys -in good.pem -passout 'pass:open sesame' -out no-key.p12
chmod 644 ./*.pem ./*.p12
