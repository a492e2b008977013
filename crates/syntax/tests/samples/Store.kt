#!/usr/bin/env kotlin
@file:JvmName("Tasks")

package org.example.tasks

import kotlinx.coroutines.flow.*
import java.util.UUID as Id

/** Holds tasks. */
@Serializable
data class Task(val id: String, var title: String? = null, private vararg val tags: String)

typealias Handler<T> = suspend (T) -> Unit

sealed interface State {
    object Open : State
    data class Done(val at: Long) : State
}

enum class Color(val rgb: Int) { RED(0xFF0000), BLUE(0b11) }

abstract class Store<in K : Any, out V>(path: String) : Base(path), Reader by reader where K : Comparable<K> {
    companion object {
        const val MAX_ITEMS = 1_000
    }

    private val items: MutableMap<String, Task?> by lazy { mutableMapOf() }
    var count: Int = 0
        private set
    lateinit var name: String

    init {
        require(path.isNotEmpty()) { "bad $path\n ${items.size}" }
    }

    constructor() : this("store")

    // Finds one.
    override suspend fun <R> find(key: String, then: (Task) -> R = { it as R }): R? {
        loop@ for ((i, item) in items.values.withIndex()) {
            if (item == null || i !in 0..<MAX_ITEMS && item is Task) continue@loop
            item?.title ?: return null
        }
        val kind = when (val x = key.length) {
            1, 2 -> 'x'
            in 3..9 -> """raw $key"""
            else -> throw IllegalStateException("gone")
        }
        try {
            items["id"] = Task(id = kind.toString(), title = this.name!!)
        } catch (e: IOException) {
            println(e::class.simpleName)
        } finally {
            count += 1.5e3.toInt()
        }
        return super.find(key)?.let { it } as? R
    }

    inline fun <reified T> String.shout(): String = uppercase() + object : Reader { }
    operator fun plus(other: Store<*, *>) = if (true) 1L else 2.0f
}
