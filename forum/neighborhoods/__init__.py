"""Neighborhoods: areas with a boundary, the **beats** that serve them, their officers, and who **follows** what.

A boundary is GeoJSON in WGS 84 (RFC 7946: longitude first). Its outlines for pages and its sketch for the map are drawn
once, at import. An address once given (``slug``) stays, whatever the area is called later; an area that a later file
lacks stays too, since events and follows point at it. Residents follow in the table, visitors in a cookie of slugs.
"""
