/* What the routing kernels share: the export mark, the status codes and the heap.
 *
 * Conventions of every function in this library: ids are int32, weights and costs are double, +INFINITY is a closed
 * arc or an unreachable node, arrays belong to the caller and are only read unless named `out_...`. There are no
 * globals, so any number of threads may call at once. A function returns KERUEN_OK or a negative status.
 */
#ifndef KERUEN_KERNELS_H
#define KERUEN_KERNELS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#define KERUEN_API __declspec(dllexport)
#else
#define KERUEN_API __attribute__((visibility("default")))
#endif

/* A directed graph, both ways round. The arcs first_out[u] .. first_out[u+1]-1 leave u and end in head[arc]; the arcs
 * in_arc[first_in[v]] .. in_arc[first_in[v+1]-1] enter v and begin in tail[arc]. Parallel arcs and loops may occur. */
typedef struct {
    int32_t n, m;
    const int32_t *first_out, *head, *tail, *first_in, *in_arc;
    int32_t n_base, m_base; /* of one layer, if arcs of all layers share their weights (product graphs); else n and m */
} Graph;

enum { KERUEN_OK = 0, KERUEN_NO_MEMORY = -1, KERUEN_STOPPED = -3 };

typedef int32_t (*Heed)(void); /* asked now and then by long work; an answer other than 0 asks to stop */

/* malloc that never returns NULL for an empty request, so that NULL always means "no memory". */
static inline void *new_array(int64_t count, size_t size)
{
    return malloc((size_t)(count > 0 ? count : 1) * size);
}

/* The first arc of the layer of a node, 0 where weights are not shared: weight[arc - layer_arc(graph, tail)]. */
static inline int32_t layer_arc(const Graph *graph, int32_t node)
{
    return node < graph->n_base ? 0 : node / graph->n_base * graph->m_base;
}

/* Indexed 4-ary heap of node ids 0..n-1, smallest key first.
 *
 * Four children share a cache line of keys and halve the depth of a binary heap; for road-like graphs this is faster
 * than binary, pairing or Fibonacci heaps (Cherkassky, Goldberg & Radzik 1996; Larkin, Sen & Tarjan 2014). Keys lie
 * beside their ids, so that sifting touches no other array but `place`.
 */
typedef struct {
    double key;
    int32_t id;
} HeapItem;

typedef struct {
    HeapItem *item;  /* item[0..size-1] is the heap: the parent of i is (i - 1) / 4 */
    int32_t *place;  /* place[id] = 1 + index into item, or 0 if the id is not in the heap */
    int32_t size;
} Heap;

static inline void heap_free(Heap *heap)
{
    free(heap->item);
    free(heap->place);
}

static inline int heap_new(Heap *heap, int32_t n)
{
    heap->item = new_array(n, sizeof *heap->item);
    heap->place = calloc((size_t)n, sizeof *heap->place); /* zeros that cost nothing until they are read */
    heap->size = 0;
    if (!heap->item || !heap->place) {
        heap_free(heap);
        return KERUEN_NO_MEMORY;
    }
    return KERUEN_OK;
}

static inline void heap_clear(Heap *heap)
{
    while (heap->size > 0) heap->place[heap->item[--heap->size].id] = 0;
}

/* Puts an id in with this key, or lowers its key if it is in already (a higher key than before is not allowed). */
static inline void heap_put(Heap *heap, int32_t id, double key)
{
    int32_t hole = heap->place[id] - 1;
    if (hole < 0) hole = heap->size++;
    while (hole > 0) {
        const int32_t up = (hole - 1) >> 2;
        if (!(key < heap->item[up].key)) break;
        heap->item[hole] = heap->item[up];
        heap->place[heap->item[hole].id] = hole + 1;
        hole = up;
    }
    heap->item[hole] = (HeapItem){key, id};
    heap->place[id] = hole + 1;
}

/* Takes out the item with the smallest key; the heap must not be empty. */
static inline HeapItem heap_pop(Heap *heap)
{
    const HeapItem top = heap->item[0];
    const HeapItem last = heap->item[--heap->size];
    const int64_t size = heap->size;
    int64_t hole = 0;
    heap->place[top.id] = 0;
    if (size == 0) return top;
    for (;;) {
        const int64_t first = 4 * hole + 1;
        if (first >= size) break;
        const int64_t end = first + 4 < size ? first + 4 : size;
        int64_t least = first;
        for (int64_t child = first + 1; child < end; child++)
            if (heap->item[child].key < heap->item[least].key) least = child;
        if (!(heap->item[least].key < last.key)) break;
        heap->item[hole] = heap->item[least];
        heap->place[heap->item[hole].id] = (int32_t)hole + 1;
        hole = least;
    }
    heap->item[hole] = last;
    heap->place[last.id] = (int32_t)hole + 1;
    return top;
}

#endif
