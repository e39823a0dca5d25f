"""Decode: bytes -> records; pure. One decoder for each API; wire types stay apart from records."""

from audit.decode.decoded import Decoded
from audit.decode.json_api import decode_json
from audit.decode.root import Root, decode_root
from audit.decode.serial import serial_of
from audit.decode.shape import tells_releases
from audit.decode.simple_api import decode_simple

__all__ = ["Decoded", "Root", "decode_json", "decode_root", "decode_simple", "serial_of", "tells_releases"]
