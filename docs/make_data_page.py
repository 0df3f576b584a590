"""Write docs/data.md from the data dictionary: `python docs/make_data_page.py`."""

from pathlib import Path

from keruen.tables import dictionary_markdown, load

if __name__ == "__main__":
    page = dictionary_markdown(load().schema)
    (Path(__file__).parent / "data.md").write_text(page, encoding="utf-8")
