"""A definition as an XLSForm workbook and back: the spreadsheets of ODK and KoboToolbox.

`write_workbook` says everything a definition holds; `read_workbook` takes our own workbooks and
foreign ones, and lists what it cannot take as it is. docs/xlsform.md says what travels how.
"""

from .findings import Finding, Imported
from .reading import read_workbook
from .writing import write_workbook

__all__ = ["Finding", "Imported", "read_workbook", "write_workbook"]
