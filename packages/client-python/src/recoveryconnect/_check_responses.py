"""Validates responses against schemas, so that you find out immediately when the API deviates from its contract."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from ._options import ResponseCheck


class PydanticValidator(Protocol):
    """A `TypeAdapter` of Pydantic."""

    def validate_python(self, value: Any, /) -> Any:
        """Raises an exception with a method `errors` if the value is invalid."""
        ...


class JsonSchemaValidator(Protocol):
    """A validator of the package `jsonschema`, such as `Draft202012Validator(schema)`."""

    def iter_errors(self, instance: Any, /) -> Iterable[Any]:
        """Returns an error with an `absolute_path` for each violation."""
        ...


Validator = PydanticValidator | JsonSchemaValidator
"""What `check_responses` takes for each operation."""


def check_responses(validators: Mapping[str, Validator]) -> ResponseCheck:
    """Creates a check for the option `check_response` from one validator per operation.

    Operations without a validator aren't checked. The data that you get stays as it was sent, even if a schema converts
    values. An invalid response raises an `UnexpectedResponseError`. Its `problems` list the paths and never the values.

    Example:
        adapter = TypeAdapter(BorrowerPhoneList)  # Pydantic takes these types on Python 3.12 and newer.
        client = Client(token=token, check_response=check_responses({"listBorrowerPhones": adapter}))
    """

    def check(operation: str, body: Any) -> Iterable[str]:
        validator: Any = validators.get(operation)
        if validator is None:
            return []
        if hasattr(validator, "iter_errors"):
            return [_format_path(error.absolute_path) for error in validator.iter_errors(body)]
        try:
            validator.validate_python(body)
        except Exception as invalid:
            errors: Any = getattr(invalid, "errors", None)
            if errors is None:
                raise
            return [_format_path(error["loc"]) for error in errors()]
        return []

    return check


def _format_path(path: Iterable[object]) -> str:
    """Formats a path as `data.0.number`.

    A property name that isn't written like the contract's becomes `?`, because it could be personal data.
    """
    parts = [str(part) for part in path]
    shown = [part if re.fullmatch(r"[a-z_]{1,40}(_[0-9])?|[0-9]{1,4}", part) else "?" for part in parts]
    return ".".join(shown) or "(root)"
