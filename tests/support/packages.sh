# What scripts share that need packages of others: sourced by them, with `here` set to their folder.

# Says what keeps the script from its work, and ends it with 2.
missing() {
  echo "$(basename "$here"): $1" >&2
  exit 2
}

# The binary that the argument names, or the one of the last build.
need_binary() {
  binary=$(realpath -m "${1:-$here/../../target/debug/jwks}")
  [ -x "$binary" ] || missing "there is no jwks binary at $binary: build it, or name another one"
}

# need_programs PYTHON_MINOR PROGRAM…: Python 3 of at least this version with venv, node and npm, and
# other programs.
need_programs() {
  local minor=$1 program
  shift
  for program in python3 node npm "$@"; do
    command -v "$program" >/dev/null || missing "$program is not installed"
  done
  python3 -c "import sys; sys.exit(sys.version_info < (3, $minor))" || missing "python3 must be 3.$minor or newer"
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing "python3 has no venv (Debian: apt install python3-venv)"
  node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || missing "node must be 20 or newer"
}

# Makes the folder `scratch`, which goes away at the end, or is the one that $1 names and stays.
make_scratch() {
  umask 077
  if [ -n "${1:-}" ]; then
    mkdir -p "$1"
    scratch=$(cd "$1" && pwd)
  else
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
  fi
}

# Installs what requirements.txt and, where there is one, package-lock.json pin into $scratch/venv and $scratch/node.
# The list of versions is copied last, so an installation that broke off is made anew.
install_packages() {
  if ! cmp -s "$here/requirements.txt" "$scratch/venv/installed.txt"; then
    rm -rf "$scratch/venv"
    python3 -m venv "$scratch/venv"
    "$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
      --only-binary :all: --requirement "$here/requirements.txt" ||
      missing "the Python packages cannot be installed"
    cp "$here/requirements.txt" "$scratch/venv/installed.txt"
  fi
  if [ -e "$here/package-lock.json" ] && ! cmp -s "$here/package-lock.json" "$scratch/node/installed.json"; then
    rm -rf "$scratch/node"
    mkdir "$scratch/node"
    cp "$here/package.json" "$here/package-lock.json" "$scratch/node/"
    # Packages that a package wants beside it, and that nothing here calls, stay away.
    (cd "$scratch/node" && npm ci --legacy-peer-deps --ignore-scripts --no-audit --no-fund \
      --no-update-notifier --loglevel error) ||
      missing "the npm packages cannot be installed"
    cp "$here/package-lock.json" "$scratch/node/installed.json"
  fi
}

# The Python of the packages, on a script that leaves the folder of the sources as it is.
run_python() {
  PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1 "$scratch/venv/bin/python" "$@"
}
