# Packages without installing them, for scripts that source this: apt on folders of its own below $apt, so that package
# lists, downloads and the machine's dpkg stay untouched, and no root is needed. Those scripts have `fail MESSAGE`, which
# does not return, and say where trees go: $trees/TREE.

# shellcheck source=/dev/null
. /etc/os-release
[ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] || fail "needs Debian or Ubuntu on x86-64"

# The archive that this release comes from, out of the machine's own apt sources: "URI SUITE SIGNED-BY" a line.
sources() {
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || :; } | sed -n 's/#.*//; s/^deb  *//p' |
    sed -E 's/^\[(.*)\] /\1 /' | awk '{ key = "-"; while ($1 ~ /=/) { if (sub(/^signed-by=/, "", $1)) key = $1; $1 = ""; $0 = $0; sub(/^ +/, "") }
      for (i = 3; i <= NF; i++) if ($i == "main") print $1, $2, key }'
  { cat /etc/apt/sources.list.d/*.sources 2>/dev/null || :; } | awk -v RS= -v FS='\n' '
    { types = uris = suites = parts = ""; key = "-"
      for (i = 1; i <= NF; i++) { n = split($i, w, /: */); v = substr($i, index($i, ":") + 1); k = tolower(w[1])
        if (k == "types") types = v; if (k == "uris") uris = v; if (k == "suites") suites = v
        if (k == "components") parts = v; if (k == "signed-by") { key = v; gsub(/ /, "", key) } }
      if (types !~ /deb( |$)/ || parts !~ /main/) next
      n = split(uris, u, " "); m = split(suites, s, " ")
      for (i = 1; i <= n; i++) for (j = 1; j <= m; j++) print u[i], s[j], key }'
}

# This release, and its updates, as lines for apt. Ubuntu has some of it in a part of its own.
own_release() {
  sources | awk -v release="$VERSION_CODENAME" -v more="$([ "$ID" != ubuntu ] || echo universe)" '
    $2 == release || index($2, release "-") == 1 {
      print "deb " ($3 == "-" ? "" : "[signed-by=" $3 "] ") $1, $2, "main", more }'
}

# apt TREE COMMAND...: apt with everything it writes below $apt/TREE.
apt() {
  local own=$apt/$1 command=$2
  shift 2
  "$command" -q -c "$own/apt.conf" "$@"
}

# prepare TREE STATUS: own folders for apt, its sources on standard input, STATUS as what is installed; fresh lists.
prepare() {
  local own=$apt/$1
  rm -rf "$own"
  mkdir -p "$own/state/lists/partial" "$own/cache/archives/partial" "$own/parts"
  cat >"$own/sources.list"
  [ -s "$own/sources.list" ] || fail "no package archive of ${VERSION_CODENAME:-this release} with the component main in /etc/apt/sources.list*"
  cat >"$own/apt.conf" <<END
Dir::State "$own/state/"; Dir::State::status "$2"; Dir::Cache "$own/cache/"; Dir::Log "$own/";
Dir::Etc::SourceList "$own/sources.list"; Dir::Etc::SourceParts "$own/parts"; Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "$own/parts"; APT::Sandbox::User ""; Debug::NoLocking "true"; Acquire::Retries "3";
Acquire::Languages "none"; APT::Get::AllowUnauthenticated "false";
APT::Update::Error-Mode "any";
#clear APT::Update::Post-Invoke; #clear APT::Update::Post-Invoke-Success; #clear DPkg::Post-Invoke; #clear DPkg::Pre-Install-Pkgs;
END
  apt "$1" apt-get update >"$own/log" 2>&1 || { cat "$own/log" >&2; fail "apt-get update failed for $1"; }
}

# unpack TREE: all downloaded packages into $trees/TREE, /bin, /sbin and /lib merged into /usr.
unpack() {
  local tree=$trees/$1 new=$apt/$1/tree deb top
  mkdir -p "$new"/usr/{bin,sbin,lib,lib64,libexec,share} "$new/etc"
  for top in bin sbin lib lib64; do ln -s "usr/$top" "$new/$top"; done
  for deb in "$apt/$1"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink --no-same-owner -C "$new" \
      --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*'
  done
  rm -rf "$tree"
  mv "$new" "$tree"
}
