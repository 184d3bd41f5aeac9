"""The language of `/`: words, `field:value`, what is not wanted, and by when. Pure; time is an argument."""
