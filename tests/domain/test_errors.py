import pytest

from undertow.domain import errors


@pytest.mark.parametrize(
    ("branch", "code"),
    [
        (errors.ConfigurationError, 2),
        (errors.UnknownNameError, 2),
        (errors.JournalCorrupt, 3),
        (errors.StorageUnavailable, 3),
        (errors.OutcomeUnknown, 4),
        (errors.IllegalTransition, 5),
    ],
)
def test_exit_codes_follow_the_branch(branch: type[errors.UndertowError], code: int) -> None:
    assert branch.exit_code == code


def test_every_error_hangs_on_one_of_four_branches() -> None:
    branches = (errors.CallerError, errors.DataError, errors.VenueError, errors.InvariantBroken)
    tree = [value for value in vars(errors).values() if isinstance(value, type)]
    leaves = [value for value in tree if value is not errors.UndertowError]
    assert all(issubclass(leaf, branches) for leaf in leaves)
