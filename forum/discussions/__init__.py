"""Discussions: forums hold topics, topics hold posts.

A **forum** says who may read, start and reply. A **topic** is one conversation in it. **Posts** are numbered within
their topic from 1, for ever; an answer to a post stands under it, four levels deep at most, and the whole topic can be
read by time as well. Invariants: numbers are given under the topic's lock and never again; a deleted or hidden post
leaves its place; a post's HTML is made when it is written; counts that pages show are kept by what changes them.
"""
