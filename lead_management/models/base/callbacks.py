def noted(callbacks, key, run, kind=dict):
    """Return what is noted under a key until a callback runs, which it does once.

    :param callbacks: ``cr.precommit`` or ``cr.postcommit``
    :param key: name of what is noted, which ``run`` takes out of ``callbacks.data``
    :param run: called without arguments, however much is noted
    :param kind: what it is noted in: dict, or set
    """
    if key not in callbacks.data:
        callbacks.data[key] = kind()
        callbacks.add(run)
    return callbacks.data[key]
