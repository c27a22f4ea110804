"""What is the task? Pictures and rules from which episodes are drawn."""

from metaxai_lab.tasks.accents import AccentTable as AccentTable
from metaxai_lab.tasks.accents import accents as accents
from metaxai_lab.tasks.accents import draw_accent_episodes as draw_accent_episodes
from metaxai_lab.tasks.accents import draw_twin_episodes as draw_twin_episodes
from metaxai_lab.tasks.cache import CacheWarning as CacheWarning
from metaxai_lab.tasks.cache import cache_folder as cache_folder
from metaxai_lab.tasks.cache import cached as cached
from metaxai_lab.tasks.glyphs import glyphs as glyphs
from metaxai_lab.tasks.picture_table import PictureTable as PictureTable
from metaxai_lab.tasks.picture_table import TableTooLargeWarning as TableTooLargeWarning
from metaxai_lab.tasks.planted import PlantedFamily as PlantedFamily
from metaxai_lab.tasks.planted_tasks import PlantedTasks as PlantedTasks
from metaxai_lab.tasks.sampling import draw_episodes as draw_episodes
from metaxai_lab.tasks.shifts import shift_pictures as shift_pictures
from metaxai_lab.tasks.typefaces import FACES as FACES
from metaxai_lab.tasks.typefaces import affine_jitter as affine_jitter
from metaxai_lab.tasks.typefaces import draw as draw
from metaxai_lab.tasks.typefaces import draw_all as draw_all
from metaxai_lab.tasks.typefaces import shared_characters as shared_characters
from metaxai_lab.tasks.typefaces import warp as warp
