"""WHERE IT IS KEPT: the Store protocol, its backends, and the keys.

Knows forms and federation; knows nothing of exports, the web or the clock.
"""
