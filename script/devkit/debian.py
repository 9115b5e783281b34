"""Packages of the machine's own Debian mirror, unpacked without installing them.

apt works here on a state of its own inside the cache: the system's sources,
lists and packages are neither changed nor needed to be writable.
"""

import re
import shutil
import subprocess
import tarfile
from pathlib import Path

from . import process
from .cache import folder, log_file
from .errors import Problem, failure
from .progress import watch_folder

RELEASE = "sid"  # the only one that has Odoo 19
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SOURCES = Path("/etc/apt")


class Unavailable(Problem):
    """This machine cannot fetch Debian packages; another way may work."""


def mirrors(text):
    """Addresses of the Debian archives named in one sources file."""
    found = []
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if line.lower().startswith("uris:"):
            found += line.split(":", 1)[1].split()
        match = re.match(r"deb\s+(?:\[[^\]]*\]\s+)?(\S+)", line)
        if match:
            found.append(match.group(1))
    return [address.rstrip("/") for address in found if _is_archive(address)]


def _is_archive(address):
    """A Debian archive ends in /debian; security, backports, others do not."""
    return re.match(r"(https?|mirror\+\w+|file|copy):", address) and (
        address.rstrip("/").endswith("/debian")
    )


def find_mirror(sources=SOURCES):
    """The first Debian mirror among the machine's own apt sources."""
    files = [sources / "sources.list", *sorted(sources.glob("sources.list.d/*"))]
    for path in files:
        if path.suffix in (".list", ".sources") and path.is_file():
            for address in mirrors(path.read_text(errors="replace")):
                return address
    return None


class Apt:
    """apt with lists and downloads inside one folder of the cache.

    It reads the machine's own sources, or the one archive it is given.
    """

    def __init__(self, home, archive=None):
        self.home = home
        self.log = log_file("apt")
        for name in ("lists/partial", "cache/archives/partial", "packages"):
            (home / name).mkdir(parents=True, exist_ok=True)
        sources = ""
        if archive:
            (home / "sources.list").write_text(f"{archive}\n")
            sources = (
                f'Dir::Etc::SourceList "{home}/sources.list";\n'
                'Dir::Etc::SourceParts "/dev/null";\n'
            )
        (home / "apt.conf").write_text(
            f"{sources}"
            f'Dir::State::Lists "{home}/lists";\n'
            f'Dir::Cache "{home}/cache";\n'
            'APT::Get::List-Cleanup "0";\n'
            'APT::Sandbox::User "root";\n'
            'Acquire::Languages "none";\n'
            'Acquire::Retries "3";\n'
            # a mirror that lags is good enough: the packages are signed all the same
            'Acquire::Check-Valid-Until "false";\n'
        )
        self.environment = process.environment(APT_CONFIG=str(home / "apt.conf"))

    def update(self):
        """Fetch the list of packages."""
        process.check(
            "reading the Debian package list",
            ["apt-get", "update", "--error-on=any"],
            log=self.log,
            env=self.environment,
        )

    def sizes(self, packages):
        """Sizes in MB of those packages that the archive has."""
        result = process.ask(
            ["apt-cache", "show", "--no-all-versions", *packages], env=self.environment
        )
        found = re.findall(r"^(Package|Size): (\S+)$", result.stdout, re.M)
        values = [value for _field, value in found]
        return {
            name: int(size) / 1e6
            for name, size in zip(values[::2], values[1::2], strict=True)
        }

    def download(self, packages, running):
        """Fetch packages; return their files, in the same order.

        :param packages: a dictionary of names and sizes, or a list of names
        """
        target = self.home / "packages"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        total = sum(packages.values()) if isinstance(packages, dict) else None
        process.check(
            "downloading from the Debian mirror",
            ["apt-get", "download", *packages],
            log=self.log,
            cwd=target,
            env=self.environment,
            watch=watch_folder(running, target, total),
        )
        return [next(target.glob(f"{package}_*.deb")) for package in packages]


def open_archive(running):
    """apt on the Debian release that has Odoo; Unavailable where there is none."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise Unavailable("this machine has no apt.")
    mirror = find_mirror()
    if not mirror:
        raise Unavailable("the apt sources of this machine name no Debian mirror.")
    if not KEYRING.exists():
        raise Unavailable("the keys of Debian's archive are not on this machine.")
    apt = Apt(folder("apt"), f"deb [signed-by={KEYRING}] {mirror} {RELEASE} main")
    running.show("reading the package list")
    apt.update()
    return apt


def unpack(package, target, wanted=lambda name: True, seen=lambda count: None):
    """Unpack the wanted files of a .deb below a folder."""
    program = subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE
    )
    try:
        with tarfile.open(fileobj=program.stdout, mode="r|") as archive:
            archive.extraction_filter = lambda member, path: member
            for count, member in enumerate(archive):
                if wanted(member.name):
                    member.uid = member.gid = 0
                    archive.extract(member, target)
                if not count % 1000:
                    seen(count)
    except tarfile.ReadError as error:
        raise Problem(
            f"the package {package.name} is damaged.", "run again."
        ) from error
    finally:
        program.stdout.close()
        program.wait()
    if program.returncode:
        raise failure(f"unpacking {package.name}", log_file("apt"))
