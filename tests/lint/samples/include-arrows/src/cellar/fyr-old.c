#include "fyr-page.h"
