"""Make keruen/web/page/vendor anew from the packages pinned in package.json; run `npm ci` in this folder first."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
PAGE = HERE.parent.parent / "keruen" / "web" / "page"
SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")


def main() -> None:
    """Copy the map and the fonts, bundle preact, htm and their hooks."""
    vendor, fonts = PAGE / "vendor", PAGE / "fonts"
    for name in ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css"):
        lines = (PACKAGES / "maplibre-gl" / "dist" / name).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("//# sourceMappingURL=")]
        (vendor / name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    for package, licence in (("maplibre-gl", "LICENSE.txt"), ("preact", "LICENSE"), ("htm", "LICENSE")):
        shutil.copy(PACKAGES / package / licence, vendor / f"{package}.LICENSE.txt")
    noto = PACKAGES / "@fontsource-variable" / "noto-sans"
    shutil.copy(noto / "LICENSE", fonts / "noto-sans.LICENSE.txt")
    for subset in SUBSETS:
        shutil.copy(noto / "files" / f"noto-sans-{subset}-wght-normal.woff2", fonts)
    esbuild = [str(PACKAGES / ".bin" / "esbuild"), str(HERE / "vendor.mjs"), "--bundle", "--minify", "--format=esm"]
    subprocess.run([*esbuild, f"--outfile={vendor / 'preact.js'}"], check=True)


if __name__ == "__main__":
    main()
