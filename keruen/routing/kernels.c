/* Routing kernels: shortest trees, weighted paths and Pareto sets on arrays.
 *
 * Nothing here knows of ports or money: a weight is any additive, non-negative number per arc. Plain C with no Python
 * in it, because a command must answer within a second and loading a shared library costs a millisecond.
 * The conventions (types, infinities, ownership, threads) are in kernels.h; the Python face is kernels.py.
 */
#include "kernels.h"
#include "buckets.h"

#include <float.h>

enum { CRITERIA = 3 }; /* of a Pareto set; weighted paths take any number */

/* ------------------------------------------------------------------------------------------------------ the graph */

/* Does first[n+1] rise from 0 to m? */
static int rises(int32_t n, int32_t m, const int32_t *first)
{
    for (int32_t v = 0; v < n; v++)
        if (first[v] > first[v + 1]) return 0;
    return first[0] == 0 && first[n] == m;
}

/* Checks all that the kernels rely on, so that no array can lead them astray. Returns 0, or the number of the first
 * array that does not fit: 1 first_out, 2 first_in, 3 head, 4 tail, 5 in_arc. */
KERUEN_API int keruen_check_graph(const Graph *graph)
{
    const int32_t n = graph->n, m = graph->m;
    if (!rises(n, m, graph->first_out)) return 1;
    if (!rises(n, m, graph->first_in)) return 2;
    for (int32_t arc = 0; arc < m; arc++)
        if (graph->head[arc] < 0 || graph->head[arc] >= n) return 3;
    for (int32_t v = 0; v < n; v++) {
        for (int32_t arc = graph->first_out[v]; arc < graph->first_out[v + 1]; arc++)
            if (graph->tail[arc] != v) return 4;
        for (int32_t slot = graph->first_in[v]; slot < graph->first_in[v + 1]; slot++) {
            const int32_t arc = graph->in_arc[slot];
            if (arc < 0 || arc >= m || graph->head[arc] != v) return 5;
            if (slot > graph->first_in[v] && arc <= graph->in_arc[slot - 1]) return 5; /* each arc once */
        }
    }
    return 0;
}

/* Fills out_tail[m], out_first_in[n+1] and out_in_arc[m] from first_out and head: a counting sort of the arcs by head,
 * in the order of their ids. first_out must rise and the heads be in range. */
KERUEN_API int keruen_turn_round(int32_t n, int32_t m, const int32_t *first_out, const int32_t *head, int32_t *out_tail,
                                 int32_t *out_first_in, int32_t *out_in_arc)
{
    int32_t *next = new_array(n, sizeof *next);
    if (!next) return KERUEN_NO_MEMORY;
    memset(out_first_in, 0, ((size_t)n + 1) * sizeof *out_first_in);
    for (int32_t arc = 0; arc < m; arc++) out_first_in[head[arc] + 1]++;
    for (int32_t v = 0; v < n; v++) out_first_in[v + 1] += out_first_in[v];
    memcpy(next, out_first_in, (size_t)n * sizeof *next);
    for (int32_t u = 0; u < n; u++) {
        for (int32_t arc = first_out[u]; arc < first_out[u + 1]; arc++) {
            out_tail[arc] = u;
            out_in_arc[next[head[arc]]++] = arc;
        }
    }
    free(next);
    return KERUEN_OK;
}

/* ------------------------------------------------------------------------------------------------- shortest trees */

/* Dijkstra (1959) from several sources at once, from a queue that is empty before and after.
 *
 *     dist[v] = min over sources s of offset[s] + (weight of the lightest path s -> v)
 *
 * `reverse` walks the arcs backwards, so dist[v] is then the distance from v to the sources. `wanted` (may be NULL)
 * marks n_wanted nodes: the search ends when all of them are settled. Nodes not settled by then, or farther than
 * cutoff, get INFINITY: a tentative distance is not an answer. ahead[v] (may be NULL), a consistent bound of what still
 * comes after v, counts against the cutoff too. A strict `<` keeps the first of equal parents, and
 * makes the parents a forest even where arcs weigh nothing. Returns the number of settled nodes.
 */
static int32_t grow_tree(const Graph *graph, const double *weight, int32_t reverse, int32_t n_sources,
                         const int32_t *source, const double *offset, const uint8_t *wanted, int32_t n_wanted,
                         double cutoff, const double *ahead, Buckets *queue, double *dist, int32_t *parent_arc)
{
    const int32_t *first = reverse ? graph->first_in : graph->first_out;
    const int32_t *end = reverse ? graph->tail : graph->head;
    const int32_t *in_arc = reverse ? graph->in_arc : NULL;
    int32_t settled = 0;
    for (int32_t v = 0; v < graph->n; v++) dist[v] = INFINITY;
    if (parent_arc) memset(parent_arc, 0xff, (size_t)graph->n * sizeof *parent_arc);
    buckets_span(queue, graph->m_base, weight, n_sources, offset);
    for (int32_t i = 0; i < n_sources; i++) {
        const double d = offset ? offset[i] : 0.0;
        if (d < dist[source[i]] && d + (ahead ? ahead[source[i]] : 0.0) <= cutoff)
            buckets_put(queue, source[i], dist[source[i]] = d);
    }
    while (!queue->no_memory && buckets_next(queue, dist)) {
        const HeapItem top = buckets_pop(queue);
        const int32_t u = top.id, layer = layer_arc(graph, u);
        if (top.key > dist[u]) continue; /* the node was put in again with a lower key */
        settled++;
        if (wanted && wanted[u] && --n_wanted == 0) break;
        for (int32_t slot = first[u]; slot < first[u + 1]; slot++) {
            const int32_t arc = in_arc ? in_arc[slot] : slot;
            const int32_t v = end[arc];
            /* walked backwards, an arc may come from a lower layer than the node it enters */
            const double d = top.key + weight[arc >= layer ? arc - layer : arc - layer_arc(graph, v)];
            if (d < dist[v] && d + (ahead ? ahead[v] : 0.0) <= cutoff) {
                dist[v] = d;
                if (parent_arc) parent_arc[v] = arc;
                buckets_put(queue, v, d);
            }
        }
    }
    while (buckets_next(queue, dist)) {
        const HeapItem left = buckets_pop(queue);
        if (left.key > dist[left.id]) continue;
        dist[left.id] = INFINITY;
        if (parent_arc) parent_arc[left.id] = -1;
    }
    return settled;
}

/* Marks the targets in a new byte per node and counts each once; n_targets < 0 gives NULL: all are wanted. */
static int mark_wanted(int32_t n, int32_t n_targets, const int32_t *target, uint8_t **wanted, int32_t *n_wanted)
{
    *wanted = NULL;
    *n_wanted = 0;
    if (n_targets < 0) return KERUEN_OK;
    *wanted = calloc((size_t)n, 1);
    if (!*wanted) return KERUEN_NO_MEMORY;
    for (int32_t i = 0; i < n_targets; i++) {
        *n_wanted += !(*wanted)[target[i]];
        (*wanted)[target[i]] = 1;
    }
    return KERUEN_OK;
}

/* One tree: out_dist[n], out_parent_arc[n] (the arc by which a node is reached; -1 at sources and unreached nodes).
 * offset and ahead may be NULL; n_targets is -1 for "do not stop early". */
KERUEN_API int keruen_shortest_tree(const Graph *graph, const double *weight, int32_t reverse, int32_t n_sources,
                                    const int32_t *source, const double *offset, int32_t n_targets,
                                    const int32_t *target, double cutoff, const double *ahead, double *out_dist,
                                    int32_t *out_parent_arc, int32_t *out_settled)
{
    Buckets queue;
    uint8_t *wanted;
    int32_t n_wanted;
    if (buckets_new(&queue)) return KERUEN_NO_MEMORY;
    const int status = mark_wanted(graph->n, n_targets, target, &wanted, &n_wanted);
    if (status == KERUEN_OK)
        *out_settled = grow_tree(graph, weight, reverse, n_sources, source, offset, wanted, n_wanted, cutoff, ahead,
                                 &queue, out_dist, out_parent_arc);
    free(wanted);
    buckets_free(&queue);
    return queue.no_memory ? KERUEN_NO_MEMORY : status;
}

/* A table of distances, one tree per source: out_table[n_sources][n_targets], or [n_sources][n] if n_targets is -1. */
KERUEN_API int keruen_many_trees(const Graph *graph, const double *weight, int32_t reverse, int32_t n_sources,
                                 const int32_t *source, int32_t n_targets, const int32_t *target, double *out_table)
{
    Buckets queue;
    uint8_t *wanted;
    int32_t n_wanted;
    if (buckets_new(&queue)) return KERUEN_NO_MEMORY;
    int status = mark_wanted(graph->n, n_targets, target, &wanted, &n_wanted);
    const int some = n_targets >= 0;
    double *dist = some ? new_array(graph->n, sizeof *dist) : NULL;
    if (some && !dist) status = KERUEN_NO_MEMORY;
    for (int32_t i = 0; status == KERUEN_OK && i < n_sources; i++) {
        double *row = out_table + (int64_t)i * (some ? n_targets : graph->n);
        grow_tree(graph, weight, reverse, 1, source + i, NULL, wanted, n_wanted, INFINITY, NULL, &queue,
                  some ? dist : row, NULL);
        if (queue.no_memory) status = KERUEN_NO_MEMORY;
        for (int32_t j = 0; j < n_targets; j++) row[j] = dist[target[j]];
    }
    free(dist);
    free(wanted);
    buckets_free(&queue);
    return status;
}

/* Follows parent_arc from a node to its source; writes the arcs in the order of travel into out_arc unless it is NULL.
 * Returns their number, or -1 if the parents name no arc or run in a circle (they then belong to another graph). */
KERUEN_API int32_t keruen_tree_path(const Graph *graph, const int32_t *parent_arc, int32_t reverse, int32_t node,
                                    int32_t n_arcs, int32_t *out_arc)
{
    const int32_t *back = reverse ? graph->head : graph->tail;
    int32_t count = 0;
    for (; parent_arc[node] >= 0; node = back[parent_arc[node]], count++) {
        if (count >= graph->n || parent_arc[node] >= graph->m) return -1;
        if (out_arc) out_arc[reverse ? count : n_arcs - 1 - count] = parent_arc[node];
    }
    return count;
}

/* ----------------------------------------------------------------------------------------------- a set of paths */

/* Paths with their costs, allocated here and given back by keruen_free_paths. Path i is arc[ptr[i] .. ptr[i+1]-1]. */
typedef struct {
    int64_t n_paths, room_paths, room_arcs;
    double *cost;      /* [n_paths][n_criteria]; INFINITY where there is no path */
    int64_t *ptr;      /* [n_paths + 1] */
    int32_t *arc;
    int32_t n_criteria;
    int32_t truncated; /* 1 if a search stopped at its cap: what is here is right, but there may be more */
    int64_t labels;    /* work done: nodes settled (weighted paths) or labels made (Pareto sets) */
} PathSet;

KERUEN_API void keruen_free_paths(PathSet *paths)
{
    free(paths->cost);
    free(paths->ptr);
    free(paths->arc);
    memset(paths, 0, sizeof *paths);
}

/* Makes room for `count` elements in a growing array by doubling. */
static int reserve(void **array, int64_t *room, int64_t count, size_t size)
{
    if (count <= *room) return KERUEN_OK;
    const int64_t wide = 2 * *room > count ? 2 * *room : count + 16;
    void *grown = realloc(*array, (size_t)wide * size);
    if (!grown) return KERUEN_NO_MEMORY;
    *array = grown;
    *room = wide;
    return KERUEN_OK;
}

static int paths_new(PathSet *paths, int64_t room, int32_t n_criteria)
{
    memset(paths, 0, sizeof *paths);
    paths->n_criteria = n_criteria;
    paths->room_paths = room;
    paths->cost = new_array(room * n_criteria, sizeof *paths->cost);
    paths->ptr = new_array(room + 1, sizeof *paths->ptr);
    if (!paths->cost || !paths->ptr) return KERUEN_NO_MEMORY;
    paths->ptr[0] = 0;
    return KERUEN_OK;
}

/* Opens room for the next path of n_arcs arcs and returns it through *out; there must be room for the path itself. */
static int paths_open(PathSet *paths, int32_t n_arcs, int32_t **out)
{
    const int64_t begin = paths->ptr[paths->n_paths];
    void *array = paths->arc;
    if (reserve(&array, &paths->room_arcs, begin + n_arcs + 1, sizeof *paths->arc)) return KERUEN_NO_MEMORY;
    paths->arc = array;
    *out = paths->arc + begin;
    paths->ptr[++paths->n_paths] = begin + n_arcs;
    return KERUEN_OK;
}

/* Adds the weights along a path, in the order of travel; weight is n_criteria rows of [m_base]. */
static void add_up(const double *const *weight, int32_t m_base, int32_t n_criteria, const int32_t *arc, int32_t n_arcs,
                   double *cost)
{
    for (int32_t k = 0; k < n_criteria; k++) {
        cost[k] = 0.0;
        for (int32_t i = 0; i < n_arcs; i++) cost[k] += weight[k][arc[i] % m_base];
    }
}

/* ----------------------------------------------------------------------------------------------- weighted paths */

enum { MOST_CRITERIA = 8 };

typedef struct {
    const Graph *graph;
    const double *weight[MOST_CRITERIA], *bound[MOST_CRITERIA]; /* [n_criteria] rows of [m_base] and [n] */
    int32_t n_criteria;
    const uint8_t *closed; /* [m] 1 for arcs that are closed besides those of infinite weight; NULL: none */
} Criteria;

/* sum_k lambda_k value_k[at]; not below INFINITY (INFINITY or NaN, as 0 * inf is) if any value_k is infinite. */
static inline double blend(const double *lambda, const double *const *value, int64_t at, int32_t n_criteria)
{
    double sum = 0.0;
    for (int32_t k = 0; k < n_criteria; k++) sum += lambda[k] * value[k][at];
    return sum;
}

/* A* (Hart, Nilsson & Raphael 1968) for one weight vector, with the potential sum_k lambda_k h_k(v).
 *
 * Each h_k is the exact distance to the target in criterion k, so h_k(u) <= w_k(u,v) + h_k(v); the weighted sum of
 * consistent potentials is consistent, whatever lambda is. Rounding may still break that by one part in 10^16, hence a
 * node whose distance falls goes back into the heap even if it was settled. came[v] is 0 on entry for all nodes: as long
 * as it is, dist[v] is not set. The nodes changed are listed in touched[]. Returns 1 if the target was reached.
 */
enum { NOT_SEEN = 0, FROM_NOWHERE = 1, BY_ARC = 2 }; /* came[v]: BY_ARC + the arc by which v is reached */

static int search_path(const Criteria *criteria, const double *lambda, int32_t source, int32_t target, Heap *heap,
                       double *dist, int32_t *came, int32_t *touched, int32_t *n_touched, int64_t *settled)
{
    const Graph *graph = criteria->graph;
    const int32_t k = criteria->n_criteria;
    const double start = blend(lambda, criteria->bound, source, k);
    if (!(start < INFINITY)) return 0;
    dist[source] = 0.0;
    came[source] = FROM_NOWHERE;
    touched[(*n_touched)++] = source;
    heap_put(heap, source, start);
    while (heap->size > 0) {
        const int32_t u = heap_pop(heap).id, layer = layer_arc(graph, u);
        ++*settled;
        if (u == target) return 1;
        for (int32_t arc = graph->first_out[u]; arc < graph->first_out[u + 1]; arc++) {
            if (criteria->closed && criteria->closed[arc]) continue;
            const int32_t v = graph->head[arc];
            const double d = dist[u] + blend(lambda, criteria->weight, arc - layer, k);
            if (came[v] != NOT_SEEN && !(d < dist[v])) continue;
            const double f = d + blend(lambda, criteria->bound, v, k);
            if (!(f < INFINITY)) continue;
            if (came[v] == NOT_SEEN) touched[(*n_touched)++] = v;
            dist[v] = d;
            came[v] = BY_ARC + arc;
            heap_put(heap, v, f);
        }
    }
    return 0;
}

/* Follows came[] from a node to where its path begins; writes the arcs in the order of travel unless out_arc is NULL.
 * Returns their number. */
static int32_t path_back(const Graph *graph, const int32_t *came, int32_t node, int32_t n_arcs, int32_t *out_arc)
{
    int32_t count = 0;
    for (; came[node] >= BY_ARC; node = graph->tail[came[node] - BY_ARC], count++)
        if (out_arc) out_arc[n_arcs - 1 - count] = came[node] - BY_ARC;
    return count;
}

/* The best path for each of n_lambdas weight vectors lambda[n_lambdas][n_criteria] over the rows row[n_criteria] of weight
 * [][m_base] and bound [][n]; an arc or node that is infinite in one criterion is closed for all. One path per vector, in
 * order, with infinite costs if there is none. What a search does not come near is not touched, and costs nothing. */
KERUEN_API int keruen_weighted_paths(const Graph *graph, int32_t n_criteria, const int32_t *row, const double *weight,
                                     const double *bound, const uint8_t *closed, int32_t source, int32_t target,
                                     int32_t n_lambdas, const double *lambda, PathSet *out_paths)
{
    Criteria criteria = {.graph = graph, .n_criteria = n_criteria, .closed = closed};
    const int32_t n = graph->n;
    for (int32_t k = 0; k < n_criteria; k++) {
        criteria.weight[k] = weight + (int64_t)row[k] * graph->m_base;
        criteria.bound[k] = bound + (int64_t)row[k] * n;
    }
    Heap heap;
    double *dist = new_array(n, sizeof *dist);
    int32_t *came = calloc((size_t)n, sizeof *came), *touched = new_array(n, sizeof *touched);
    int status = paths_new(out_paths, n_lambdas, n_criteria);
    const int no_heap = heap_new(&heap, n);
    if (!dist || !came || !touched || no_heap) status = KERUEN_NO_MEMORY;
    for (int32_t i = 0; status == KERUEN_OK && i < n_lambdas; i++) {
        double *cost = out_paths->cost + (int64_t)i * n_criteria;
        int32_t n_touched = 0, *arc;
        const int found = search_path(&criteria, lambda + (int64_t)i * n_criteria, source, target, &heap, dist, came,
                                      touched, &n_touched, &out_paths->labels);
        const int32_t n_arcs = found ? path_back(graph, came, target, 0, NULL) : 0;
        status = paths_open(out_paths, n_arcs, &arc);
        if (status == KERUEN_OK && found) {
            path_back(graph, came, target, n_arcs, arc);
            add_up(criteria.weight, graph->m_base, n_criteria, arc, n_arcs, cost);
        }
        for (int32_t k = 0; !found && k < n_criteria; k++) cost[k] = INFINITY;
        for (int32_t j = 0; j < n_touched; j++) came[touched[j]] = NOT_SEEN;
        heap_clear(&heap);
    }
    if (!no_heap) heap_free(&heap);
    free(dist);
    free(came);
    free(touched);
    if (status != KERUEN_OK) keruen_free_paths(out_paths);
    return status;
}

/* --------------------------------------------------------------------------------------------------- Pareto sets */

/* A staircase: corners with rising f2 and strictly falling f3, none covered by another. All staircases lie in one pool,
 * each in a slice that moves to the end of the pool when it must double. */
typedef struct {
    double f2, f3;
} Corner;

typedef struct {
    int64_t begin;
    int32_t size, room;
} Front;

typedef struct {
    Corner *corner;
    int64_t size, room;
} Pool;

/* The number of corners with corner.f2 <= f2. */
static inline int32_t corners_up_to(const Pool *pool, const Front *front, double f2)
{
    const Corner *corner = pool->corner + front->begin;
    int32_t low = 0, high = front->size;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        if (corner[middle].f2 <= f2) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Is there a corner with corner.f2 <= f2 and corner.f3 <= f3? Only the last one within f2 need be asked. */
static inline int covers(const Pool *pool, const Front *front, double f2, double f3)
{
    const int32_t count = front->size > 0 ? corners_up_to(pool, front, f2) : 0;
    return count > 0 && pool->corner[front->begin + count - 1].f3 <= f3;
}

/* Adds a corner that is not covered, and drops the corners that it covers. */
static int front_add(Pool *pool, Front *front, double f2, double f3)
{
    if (front->size == front->room) {
        const int32_t room = front->room ? 2 * front->room : 4;
        void *array = pool->corner;
        if (reserve(&array, &pool->room, pool->size + room, sizeof *pool->corner)) return KERUEN_NO_MEMORY;
        pool->corner = array;
        if (front->size > 0)
            memcpy(pool->corner + pool->size, pool->corner + front->begin, (size_t)front->size * sizeof *pool->corner);
        *front = (Front){pool->size, front->size, room};
        pool->size += room;
    }
    Corner *corner = pool->corner + front->begin;
    int32_t at = corners_up_to(pool, front, f2);
    if (at > 0 && corner[at - 1].f2 == f2) at--; /* same f2 but a higher f3, as it did not cover the new one */
    int32_t kept = at;
    while (kept < front->size && corner[kept].f3 >= f3) kept++;
    memmove(corner + at + 1, corner + kept, (size_t)(front->size - kept) * sizeof *corner);
    corner[at] = (Corner){f2, f3};
    front->size += at + 1 - kept;
    return KERUEN_OK;
}

/* A label is a path from the source to a node: the arc it came by, the label it came from, and f, which is its cost so
 * far plus the bound of what remains. */
typedef struct {
    double f[CRITERIA];
    int32_t arc, parent; /* -1 for the label at the source */
} Label;

typedef struct {
    double f1;
    int32_t label;
} Queued;

typedef struct {
    const Graph *graph;
    const double *weight, *bound; /* [3][m_base], [3][n] */
    const uint8_t *closed;        /* [m] 1 for arcs closed besides those of infinite weight; NULL: none */
    int32_t source, target;
    double box[CRITERIA], goal_eps, node_delta;
    int32_t n_budgets, every; /* must each be kept, or at least one? */
    const double *budget_lambda, *budget_bound, *budget_limit; /* [n_budgets][3], [n_budgets][n], [n_budgets] */
    Label *label;
    int64_t n_labels, room_labels, label_cap;
    Queued *queue; /* 4-ary heap in lexicographic order of f */
    int64_t n_queue, room_queue;
    Front *front;  /* [n] staircase of the labels that left the queue at each node; at the target: the solutions */
    Pool pool;
    int32_t *solution;
    int64_t n_solutions, room_solutions;
    int truncated;
    Heed heed; /* NULL: nobody is asked */
} Search;

/* Lexicographic order of f; equal vectors leave in the order in which they were made. */
static inline int before(const Search *search, Queued a, Queued b)
{
    if (a.f1 != b.f1) return a.f1 < b.f1;
    const double *f = search->label[a.label].f, *g = search->label[b.label].f;
    if (f[1] != g[1]) return f[1] < g[1];
    if (f[2] != g[2]) return f[2] < g[2];
    return a.label < b.label;
}

static int enqueue(Search *search, Queued item)
{
    void *array = search->queue;
    if (reserve(&array, &search->room_queue, search->n_queue + 1, sizeof *search->queue)) return KERUEN_NO_MEMORY;
    search->queue = array;
    int64_t hole = search->n_queue++;
    for (; hole > 0 && before(search, item, search->queue[(hole - 1) >> 2]); hole = (hole - 1) >> 2)
        search->queue[hole] = search->queue[(hole - 1) >> 2];
    search->queue[hole] = item;
    return KERUEN_OK;
}

static int32_t dequeue(Search *search)
{
    Queued *queue = search->queue;
    const int32_t top = queue[0].label;
    const Queued last = queue[--search->n_queue];
    const int64_t size = search->n_queue;
    int64_t hole = 0;
    for (int64_t first = 1; first < size; first = 4 * hole + 1) {
        const int64_t end = first + 4 < size ? first + 4 : size;
        int64_t least = first;
        for (int64_t child = first + 1; child < end; child++)
            if (before(search, queue[child], queue[least])) least = child;
        if (!before(search, queue[least], last)) break;
        queue[hole] = queue[least];
        hole = least;
    }
    queue[hole] = last;
    return top;
}

/* May a label with this f at this node still lead to something new? Every label asks when it is made and again when it
 * leaves the queue, because the staircases have grown in between ("lazy"). */
static inline int promising(const Search *search, int32_t node, const double *f)
{
    const double wide = 1.0 + search->goal_eps, near = 1.0 + search->node_delta;
    return !covers(&search->pool, &search->front[search->target], f[1] * wide, f[2] * wide) &&
           !covers(&search->pool, &search->front[node], f[1] * near, f[2] * near);
}

static int make_label(Search *search, const double *f, int32_t arc, int32_t parent)
{
    if (search->n_labels >= search->label_cap) {
        search->truncated = 1;
        return KERUEN_OK;
    }
    void *array = search->label;
    if (reserve(&array, &search->room_labels, search->n_labels + 1, sizeof *search->label)) return KERUEN_NO_MEMORY;
    search->label = array;
    search->label[search->n_labels] = (Label){{f[0], f[1], f[2]}, arc, parent};
    return enqueue(search, (Queued){f[0], (int32_t)search->n_labels++});
}

/* Can a way that has come to this node at these costs still keep to the box and to at least one budget, or every one? */
static inline int affordable(const Search *search, int32_t node, const double *f)
{
    const int64_t n = search->graph->n;
    for (int k = 0; k < CRITERIA; k++)
        if (!(f[k] <= search->box[k])) return 0; /* the box is finite, so this also closes infinite arcs and nodes */
    for (int32_t i = 0; i < search->n_budgets; i++) {
        const double *lambda = search->budget_lambda + (int64_t)i * CRITERIA;
        double total = search->budget_bound[i * n + node];
        for (int k = 0; k < CRITERIA; k++) total += lambda[k] * (f[k] - search->bound[k * n + node]);
        if ((total <= search->budget_limit[i]) != search->every) return !search->every;
    }
    return search->every || search->n_budgets == 0;
}

/* Makes the labels one arc further on. f grows by the reduced cost w + h(head) - h(tail), which is not negative except
 * by rounding: cut at zero, so that f never falls along a path and the queue is a true lexicographic order. */
static int expand(Search *search, int32_t from, int32_t u)
{
    const Graph *graph = search->graph;
    const int64_t n = graph->n, m_base = graph->m_base, layer = layer_arc(graph, u);
    for (int32_t arc = graph->first_out[u]; arc < graph->first_out[u + 1]; arc++) {
        if (search->closed && search->closed[arc]) continue;
        const int32_t v = graph->head[arc];
        const double *base = search->label[from].f; /* read again each time: the labels may have moved */
        double f[CRITERIA];
        for (int k = 0; k < CRITERIA; k++) {
            const double step = search->weight[k * m_base + arc - layer] + search->bound[k * n + v] - search->bound[k * n + u];
            f[k] = base[k] + (step < 0.0 ? 0.0 : step);
        }
        if (!affordable(search, v, f) || !promising(search, v, f)) continue;
        if (make_label(search, f, arc, from)) return KERUEN_NO_MEMORY;
    }
    return KERUEN_OK;
}

/* Lazy NAMOA*dr for three criteria.
 *
 * Labels leave the queue in lexicographic order of f = g + h (Mandow & Perez de la Cruz 2010, NAMOA*), so whatever left
 * before at the same node is not worse in f1, and dominance need only look at (f2, f3): the dimensionality reduction of
 * Pulido, Mandow & Perez de la Cruz (2015). With two numbers left, a node's front is a staircase and a check is one
 * binary search. Queued labels are not compared with each other (Maristany de las Casas et al. 2021; LTMOA*, Hernandez
 * et al. 2023). A label dies if
 *
 *     f_k > box_k                                     for some k, or no budget (every: one budget does not) allows it,
 *     y_k <= (1 + goal_eps)   f_k    (k = 2, 3)       for a solution y found before, or
 *     y_k <= (1 + node_delta) f_k    (k = 2, 3)       for a label y that left the queue before at the same node.
 *
 * Testing f and not g keeps the loss by node_delta near its nominal value, because f is nearly constant along a path.
 *
 * A budget i allows a label if sum_k lambda_ik g_k + h_i(v) <= limit_i, with h_i the bound of that weighted sum: not
 * above 1.1 times the least generalized cost, say. Fast and dear beside slow and cheap makes the box alone very wide,
 * whereas a few budgets, one for each value of time, cut the labels by an order of magnitude. Whatever
 * dominates a path within a budget is within it too, so the front inside is still exact. Budgets that every path in the box
 * keeps, each asked for, change nothing but the work.
 */
enum { HEED_STEPS = 4096 }; /* labels between two questions whether to stop: some milliseconds */

static int search_front(Search *search)
{
    double start[CRITERIA];
    for (int k = 0; k < CRITERIA; k++) start[k] = search->bound[(int64_t)k * search->graph->n + search->source];
    if (!affordable(search, search->source, start)) return KERUEN_OK;
    if (make_label(search, start, -1, -1)) return KERUEN_NO_MEMORY;
    for (int64_t steps = 1; search->n_queue > 0 && !search->truncated; steps++) {
        if (search->heed && steps % HEED_STEPS == 0 && search->heed()) return KERUEN_STOPPED;
        const int32_t at = dequeue(search);
        const Label label = search->label[at];
        const int32_t node = label.arc < 0 ? search->source : search->graph->head[label.arc];
        if (!promising(search, node, label.f)) continue;
        if (front_add(&search->pool, &search->front[node], label.f[1], label.f[2])) return KERUEN_NO_MEMORY;
        if (node != search->target) {
            if (expand(search, at, node)) return KERUEN_NO_MEMORY;
            continue;
        }
        void *array = search->solution;
        if (reserve(&array, &search->room_solutions, search->n_solutions + 1, sizeof *search->solution))
            return KERUEN_NO_MEMORY;
        search->solution = array;
        search->solution[search->n_solutions++] = at;
    }
    return KERUEN_OK;
}

typedef struct {
    double cost[CRITERIA];
    int32_t path;
} Found;

static int by_cost(const void *a, const void *b)
{
    const Found *x = a, *y = b;
    for (int k = 0; k < CRITERIA; k++)
        if (x->cost[k] != y->cost[k]) return x->cost[k] < y->cost[k] ? -1 : 1;
    return x->path < y->path ? -1 : 1;
}

/* Writes the arcs of solution i into all, whose costs are then added up from the arcs alone, free of the bounds. */
static int trace(const Search *search, int64_t i, PathSet *all)
{
    int32_t n_arcs = 0, *arc;
    for (int32_t at = search->solution[i]; search->label[at].arc >= 0; at = search->label[at].parent) n_arcs++;
    if (paths_open(all, n_arcs, &arc)) return KERUEN_NO_MEMORY;
    int32_t back = n_arcs;
    for (int32_t at = search->solution[i]; back > 0; at = search->label[at].parent) arc[--back] = search->label[at].arc;
    const int64_t m_base = search->graph->m_base;
    const double *weight[CRITERIA] = {search->weight, search->weight + m_base, search->weight + 2 * m_base};
    add_up(weight, search->graph->m_base, CRITERIA, arc, n_arcs, all->cost + i * CRITERIA);
    return KERUEN_OK;
}

/* Copies the solutions in lexicographic order of cost. Costs added up along the arcs may differ from f in the last
 * digit; sweeping them once more drops what is then outside box and budgets, or not better than an earlier one. */
static int collect(Search *search, PathSet *all, PathSet *out)
{
    const int64_t count = search->n_solutions;
    Front staircase = {0};
    Found *found = new_array(count, sizeof *found);
    int status = found ? paths_new(all, count, CRITERIA) : KERUEN_NO_MEMORY;
    if (status == KERUEN_OK) status = paths_new(out, count, CRITERIA);
    for (int64_t i = 0; status == KERUEN_OK && i < count; i++) {
        status = trace(search, i, all);
        memcpy(found[i].cost, all->cost + i * CRITERIA, sizeof found[i].cost);
        found[i].path = (int32_t)i;
    }
    if (status == KERUEN_OK && count > 0) qsort(found, (size_t)count, sizeof *found, by_cost);
    for (int64_t i = 0; status == KERUEN_OK && i < count; i++) {
        const double *cost = found[i].cost;
        if (!affordable(search, search->target, cost) || covers(&search->pool, &staircase, cost[1], cost[2])) continue;
        const int64_t begin = all->ptr[found[i].path], end = all->ptr[found[i].path + 1];
        int32_t *arc;
        memcpy(out->cost + out->n_paths * CRITERIA, cost, sizeof found[i].cost);
        status = paths_open(out, (int32_t)(end - begin), &arc);
        if (status == KERUEN_OK) {
            memcpy(arc, all->arc + begin, (size_t)(end - begin) * sizeof *arc);
            status = front_add(&search->pool, &staircase, cost[1], cost[2]);
        }
    }
    free(found);
    return status;
}

/* The Pareto set from source to target: weight [3][m_base], bound [3][n] (exact distances to the target), box[3]; budgets, of
 * which at least one is to be kept, or every one: lambda [n_budgets][3], bound [n_budgets][n], limit [n_budgets]. */
KERUEN_API int keruen_pareto_set(const Graph *graph, const double *weight, const double *bound, const uint8_t *closed,
                                 int32_t source, int32_t target, const double *box, int32_t n_budgets, int32_t every,
                                 const double *budget_lambda, const double *budget_bound, const double *budget_limit, double goal_eps,
                                 double node_delta, int64_t label_cap, Heed heed, PathSet *out_paths)
{
    Search search = {.graph = graph, .weight = weight, .bound = bound, .closed = closed, .source = source,
                     .target = target, .n_budgets = n_budgets, .every = every, .budget_lambda = budget_lambda, .budget_bound = budget_bound,
                     .budget_limit = budget_limit, .goal_eps = goal_eps, .node_delta = node_delta,
                     .label_cap = label_cap, .heed = heed};
    PathSet all = {0};
    memset(out_paths, 0, sizeof *out_paths);
    for (int k = 0; k < CRITERIA; k++) search.box[k] = box[k] < DBL_MAX ? box[k] : DBL_MAX;
    search.front = calloc((size_t)graph->n, sizeof *search.front);
    int status = search.front ? search_front(&search) : KERUEN_NO_MEMORY;
    if (status == KERUEN_OK) status = collect(&search, &all, out_paths);
    out_paths->truncated = search.truncated;
    out_paths->labels = search.n_labels;
    keruen_free_paths(&all);
    free(search.label);
    free(search.queue);
    free(search.front);
    free(search.pool.corner);
    free(search.solution);
    if (status != KERUEN_OK) keruen_free_paths(out_paths);
    return status;
}
