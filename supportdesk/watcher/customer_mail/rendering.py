"""Makes the subject and the two forms of a mail to a customer, from the templates in `data/mail/`.

Templates hold the structure, the language file the words. What stands for a field is never read as a template, and is
escaped in HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from traceback import walk_tb

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace

from supportdesk.resources import data_path
from supportdesk.tickets.command import LINE_LIMIT, TEXT_LIMIT
from supportdesk.tickets.plain_text import clean_line, clean_text
from supportdesk.toml_file.text_fields import fill_fields
from supportdesk.watcher.customer_mail.content import MailContent
from supportdesk.watcher.customer_mail.language import MailTextError, read_language

LANGUAGE = "en"
_FOLDER = "mail"
_READ = 2
"""How many times its limit of a text is looked at, since cleaning megabytes takes a while."""
_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a faulty template may raise."""
_BEFORE = {"respond_late": "respond_by", "resolve_late": "resolve_by"}
"""What stands for a text that a desk's own file lacks, as it was written before that was there."""
_ADDRESS = re.compile(r"https?://[!-~]{1,1000}")


class RenderedMail(Struct, frozen=True):
    """The texts of a mail. The subject is one line and begins with the reference; lines of the others end with \\n."""

    subject: str
    text: str
    html: str


class MailTemplates:
    """Templates and texts of a folder; what it lacks is taken from those that ship with the program."""

    def __init__(self, folder: Path | None = None, language: str = LANGUAGE) -> None:
        """Read the texts. Raises MailTextError."""
        shipped = data_path(_FOLDER)
        folders = [shipped] if folder is None else [folder, shipped]
        self._folders = folders
        files = [each / f"{language}.toml" for each in folders]
        self._language_file = next((each for each in files if each.exists()), files[-1])
        self._language = read_language(self._language_file)
        self._environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([FileSystemLoader(each) for each in folders]),
            autoescape=lambda name: name is not None and name.endswith(".html"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters["with_breaks"] = _add_breaks

    def render(self, content: MailContent) -> RenderedMail:
        """Return the texts of a mail. Raises MailTextError."""
        cleaned = _clean(content)
        values = self._language.write_values(cleaned)
        text = self._clean_text(content.text)
        context = {
            **values,
            "say": self._speaker(values),
            "text": text,
            "article_text": self._clean_text(content.article_text),
            "round_the_clock": content.round_the_clock,
            "response_late": content.response_late,
            "resolution_late": content.resolution_late,
            "language": self._language.code,
        }
        subject = clean_line(fill_fields(self._language.subject, values), LINE_LIMIT).text
        return RenderedMail(
            subject=f"[{cleaned.ref}] {subject}".rstrip(),
            text=self._fill(f"{content.kind}.txt", context),
            html=self._fill(f"{content.kind}.html", context),
        )

    def _speaker(self, values: dict[str, str]) -> Callable[[str], str]:
        def say(name: str) -> str:
            texts = self._language.texts
            text = texts.get(name, texts.get(_BEFORE.get(name, "")))
            if text is None:
                raise MailTextError(f'{self._language_file} has no text named "{name}"; add it under [texts]')
            return fill_fields(text, values)

        return say

    def _clean_text(self, text: str) -> str:
        cleaned = clean_text(text[: _READ * TEXT_LIMIT], TEXT_LIMIT)
        if not cleaned.cut and len(text) <= _READ * TEXT_LIMIT:
            return cleaned.text
        return f"{cleaned.text}\n\n{self._language.texts.get('cut', '')}".rstrip()

    def _fill(self, name: str, context: dict[str, object]) -> str:
        try:
            return self._environment.get_template(name).render(context)
        except TemplateSyntaxError as error:
            raise MailTextError(
                f"{error.filename or error.name or name}, line {error.lineno}: {error.message}"
            ) from error
        except _FAULTS as error:
            raise MailTextError(f"{self._place(error, name)}: {_sentence(error)}") from error

    def _place(self, error: BaseException, name: str) -> str:
        """Return the file and line of a template at which it failed."""
        places = [
            f"{frame.f_code.co_filename}, line {line}"
            for frame, line in walk_tb(error.__traceback__)
            if any(Path(frame.f_code.co_filename).parent == folder for folder in self._folders)
        ]
        return places[-1] if places else name


def find_templates(folder: Path | None = None) -> MailTemplates:
    """Return the templates of a folder, read again each time as they may change; or else those of the program.

    Raises MailTextError.
    """
    return MailTemplates(folder) if folder is not None else _read_shipped()


@cache
def _read_shipped() -> MailTemplates:
    return MailTemplates()


def _clean(content: MailContent) -> MailContent:
    """Return the content with each text but two as one plain line, and an address that can be followed or none."""
    changes: dict[str, object] = {}
    for name in MailContent.__struct_fields__:
        value = getattr(content, name)
        if type(value) is str and name not in ("text", "article_text", "timezone"):
            changes[name] = clean_line(value[: _READ * LINE_LIMIT], LINE_LIMIT).text
    if not _ADDRESS.fullmatch(content.article_address):
        changes["article_address"] = ""
    return replace(content, **changes)


def _add_breaks(text: str) -> Markup:
    """Return a text for HTML with its lines, and with the spaces at their beginning, which HTML leaves out."""
    lines = []
    for line in text.replace("\t", "    ").split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        lines.append(Markup("&nbsp;") * indent + escape(line[indent:]))
    return Markup("<br>\n").join(lines)


def _sentence(error: BaseException) -> str:
    return f"{clean_line(str(error), LINE_LIMIT).text or type(error).__name__}; correct the template"
