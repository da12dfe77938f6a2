"""What is on the topics: one pydantic model a topic, the ids, and the CloudEvents headers.

Nothing here imports anything else of Isowire. `python -m schemas.generate` writes the JSON Schemas and the
AsyncAPI document under `schemas/generated/` from these models.
"""
