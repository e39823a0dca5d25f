"""Decode: bytes -> records; pure. One decoder for each API; wire types stay apart from records."""

from audit.crawl.decode.decoded import Decoded
from audit.crawl.decode.json_api import decode_json
from audit.crawl.decode.root import Root, decode_root
from audit.crawl.decode.serial import serial_of
from audit.crawl.decode.shape import lists_releases
from audit.crawl.decode.simple_api import decode_simple

__all__ = ["Decoded", "Root", "decode_json", "decode_root", "decode_simple", "lists_releases", "serial_of"]
