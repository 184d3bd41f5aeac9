"""The real log is no part of the tree: what is proved with it is collected only where it lies."""

from tests.intake.servicenow.a_log import REAL_LOG

collect_ignore = [] if REAL_LOG.exists() else ["test_real_log.py"]
