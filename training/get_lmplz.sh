#!/bin/sh
# Builds lmplz and build_binary, KenLM's programs that estimate and pack language models, into a folder:
#
#     sh training/get_lmplz.sh DIR
#
# No Python package carries them, but the source distribution of PyPI's `kenlm` holds their source. Needed are
# a C++ compiler, cmake, Boost, zlib, bzip2, lzma and Python; on Debian and Ubuntu, as root:
#
#     apt-get install build-essential cmake python3-venv libboost-program-options-dev libboost-system-dev \
#         libboost-thread-dev libboost-test-dev libboost-filesystem-dev zlib1g-dev libbz2-dev liblzma-dev \
#         libeigen3-dev
#
# PYTHON and CMAKE name other programs than python3 and cmake. One to two minutes on two cores.
set -eu

version=0.3.0
sha256=c4628bb9fb63c8a6f9240035b8b037385cfc404cb72e933cf48878291edac1e8
python=${PYTHON:-python3}
cmake=${CMAKE:-cmake}

if [ $# -ne 1 ]; then
    echo "usage: sh $0 DIR" >&2
    exit 2
fi
for program in "$python" "$cmake" c++ tar; do
    if ! command -v "$program" >/dev/null; then
        echo "$0: $program is not installed: the head of this script lists the packages" >&2
        exit 1
    fi
done

mkdir -p "$1"
target=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# pip asks even a source distribution for its metadata, which takes its build backend. Without isolation that
# is all it takes; with it, or with `--no-binary :all:`, pip would compile cmake itself first.
"$python" -m venv venv
venv/bin/python -m pip install --quiet setuptools wheel
venv/bin/python -m pip download --quiet --no-deps --no-build-isolation --no-binary kenlm "kenlm==$version"

sdist="kenlm-$version.tar.gz"
found=$("$python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$sdist")
if [ "$found" != "$sha256" ]; then
    echo "$0: $sdist has the sha256 $found, expected $sha256: it is not the file this script was tested with" >&2
    exit 1
fi
tar -xzf "$sdist"

# The order that PyPI's kenlm module reads at most; all else is KenLM's default (an optimised build).
"$cmake" -S "kenlm-$version" -B build -DCMAKE_BUILD_TYPE=Release -DKENLM_MAX_ORDER=6
"$cmake" --build build --parallel 2 --target lmplz build_binary
cp build/bin/lmplz build/bin/build_binary "$target"
echo "lmplz and build_binary are in $target"
