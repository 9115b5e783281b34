from . import test_demo
from . import test_doctests
from . import test_smoke
from . import test_tours
