"""What a stage is: a name, a topic in, a topic out, and a pure function.

The function knows nothing of Kafka. The runner (`services.runtime.runner`) does all the I/O around it.
"""
