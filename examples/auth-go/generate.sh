#!/bin/sh
# Writes gen/ anew from proto/, with the digest of the contracts that it was made from.
set -eu
cd "$(dirname "$0")"
PATH="$PWD/../../node_modules/.bin:$PATH"
rm -rf gen
buf generate
buf build ../../proto --exclude-source-info --path ../../proto/catalyst/auth --path ../../proto/catalyst/common \
  --path ../../proto/grpc -o -#format=binpb | sha256sum | cut -d' ' -f1 >gen/contracts.sha256
