# SPDX-License-Identifier: GPL-3.0-or-later
"""Ed25519 signing by RFC 8032, section 6: slow and plain, for a workstation written a second time."""
import hashlib
import secrets

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _add(a, b):
    """Sum of two points in extended coordinates."""
    one = (a[1] - a[0]) * (b[1] - b[0]) % P
    two = (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point):
    """A point added to itself."""
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _add(result, point)
        point = _add(point, point)
        number >>= 1
    return result


def _base():
    """The generator: y is 4/5, x is even."""
    y = 4 * pow(5, P - 2, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P)
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    x = P - x if x & 1 else x
    return x, y, 1, x * y % P


BASE = _base()


def _packed(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Key:
    """A new key pair; `public` is 32 bytes."""

    def __init__(self, seed=None):
        digest = hashlib.sha512(seed or secrets.token_bytes(32)).digest()
        self.number = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.prefix = digest[32:]
        self.public = _packed(_times(self.number, BASE))

    def sign(self, text):
        """64 bytes."""
        r = int.from_bytes(hashlib.sha512(self.prefix + text).digest(), "little") % L
        first = _packed(_times(r, BASE))
        challenge = int.from_bytes(hashlib.sha512(first + self.public + text).digest(), "little") % L
        return first + ((r + challenge * self.number) % L).to_bytes(32, "little")
